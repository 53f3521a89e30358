import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { localKeychain } from '../../../plugin/registry/keychain.ts';
import type { Login } from '../../../shared/registry/secret.ts';

const home = mkdtempSync(path.join(tmpdir(), 'airgap-keychain-'));
test.after(() => rmSync(home, { recursive: true }));

function write(file: string, content: unknown): void {
  mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
  writeFileSync(path.join(home, file), typeof content === 'string' ? content : JSON.stringify(content));
}

const entry = (password: string): object => ({ username: 'u', password });

function shown(login: Login | null): string {
  if (login === null) return 'none';
  return login.kind === 'basic'
    ? `${login.username.reveal()}:${login.password.reveal()}`
    : `${login.kind}:${login.token.reveal()}`;
}

async function ask(repository: string, environment: Record<string, string> = {}): Promise<string> {
  return shown(await localKeychain({ PATH: `${home}/bin:${process.env['PATH']}`, ...environment }, home)(repository));
}

test('the login files are asked in the order of docker, podman and skopeo', async () => {
  assert.equal(await ask('r.example/app'), 'none');
  write('.dockercfg', { 'r.example': entry('old') });
  assert.equal(await ask('r.example/app'), 'u:old');
  write('.docker/config.json', { auths: { 'r.example': entry('docker') } });
  assert.equal(await ask('r.example/app'), 'u:docker');
  write('.config/containers/auth.json', { auths: { 'r.example/team': entry('team'), 'q.example': entry('q') } });
  assert.equal(await ask('r.example/app'), 'u:docker');
  assert.equal(await ask('r.example/team/app'), 'u:team');
  write('run/containers/auth.json', 'not JSON');
  write('elsewhere/config.json', { auths: { 'r.example': entry('elsewhere') } });
  const docker = { XDG_RUNTIME_DIR: `${home}/run`, DOCKER_CONFIG: `${home}/elsewhere` };
  assert.equal(await ask('r.example/app', docker), 'u:elsewhere');
  assert.equal(await ask('q.example/app', docker), 'u:q');
  write('only.json', { auths: { 'r.example': entry('only') } });
  const only = { ...docker, REGISTRY_AUTH_FILE: `${home}/only.json` };
  assert.equal(await ask('r.example/app', only), 'u:only');
  assert.equal(await ask('q.example/app', only), 'none');
});

/** A credential helper, as docker's are: a program that is told the server on its standard input. */
function helper(name: string, script: string): void {
  write(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(home, `bin/docker-credential-${name}`), 0o755);
}

test('credential helpers are asked for their hosts, the store for the rest', async () => {
  helper(
    'good',
    `read server; [ "$1" = get ] && printf '{"ServerURL":"%s","Username":"%s","Secret":"s"}' "$server" "$server"`,
  );
  helper('token', `printf '{"Username":"<token>","Secret":"identity"}'`);
  helper('bad', `echo 'credentials not found in native keychain'; exit 1`);
  write('helpers.json', {
    auths: { 'plain.example': entry('plain'), 'stored.example': {} },
    credHelpers: {
      'good.example': 'good',
      'token.example': 'token',
      'bad.example': 'bad',
      'gone.example': 'gone',
      'path.example': '../x',
    },
    credsStore: 'good',
  });
  const environment = { REGISTRY_AUTH_FILE: `${home}/helpers.json` };
  const cases: Record<string, string> = {
    'good.example': 'good.example:s',
    'token.example': 'identity:identity',
    'bad.example': 'none',
    'gone.example': 'none',
    'path.example': 'none',
    'plain.example': 'u:plain',
    'stored.example': 'stored.example:s',
    'docker.io': 'https://index.docker.io/v1/:s',
  };
  const answers = await Promise.all(Object.keys(cases).map((host) => ask(`${host}/app`, environment)));
  assert.deepEqual(answers, Object.values(cases));
});
