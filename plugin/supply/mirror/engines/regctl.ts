import type { Login } from '../../../../shared/registry/secret.ts';
import type { Repository } from '../../../registry/line.ts';
import type { Access, Engine } from './engine.ts';

const config = 'regctl.json';

/**
 * regctl of regclient. `--platforms` copies an index as it is with some of its manifests; `--force-recursive` looks below
 * manifests that are there already, which a run that was killed may have left without their blobs.
 */
export const regctl: Engine = {
  name: 'regctl',
  files: ({ source, target, ca }) => ({
    // Where both sides are one registry, the login that may write is the one that matters.
    [config]: JSON.stringify({
      hosts: { ...host(source, ca), ...host(target, ca) },
      incDockerCred: false,
    }),
  }),
  environment: (folder) => ({ REGCTL_CONFIG: `${folder}/${config}` }),
  calls: ({ source, target, digest, tag, children, artifacts }) => [
    [
      ...copy,
      ...[...new Set((children ?? []).map(({ platform }) => platform ?? ''))].flatMap((name) => ['--platforms', name]),
      at(source, digest),
      tag === null ? at(target, digest) : `${name(target)}:${tag}`,
    ],
    ...artifacts.map((one) => [
      ...copy,
      at(source, one.digest),
      one.tag === null ? at(target, one.digest) : `${name(target)}:${one.tag}`,
    ]),
  ],
};

const copy = ['image', 'copy', '--force-recursive'];

function host({ repository, plainHttp, login }: Access, ca: string | undefined): Record<string, object> {
  return {
    [repository.host]: {
      tls: plainHttp ? 'disabled' : 'enabled',
      ...(ca === undefined ? {} : { regcert: ca }),
      ...credentials(login),
    },
  };
}

function credentials(login: Login | null): object {
  switch (login?.kind) {
    case 'basic':
      return { user: login.username.reveal(), pass: login.password.reveal() };
    case 'identity':
      return { token: login.token.reveal() };
    default:
      return {};
  }
}

function name({ host, path }: Repository): string {
  return `${host}/${path}`;
}

function at(repository: Repository, digest: string): string {
  return `${name(repository)}@${digest}`;
}
