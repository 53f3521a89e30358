import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognise } from '../../../../plugin/supply/prune/products.ts';

test('a registry is recognised by what it says of itself, and every one is told how to collect and to allow deleting', () => {
  const bearer = (realm: string, service: string) => ({
    'www-authenticate': `Bearer realm="${realm}",service="${service}"`,
  });
  for (const [expected, headers] of [
    ['Harbor', bearer('https://reg.example/service/token', 'harbor-registry')],
    ['JFrog Artifactory', { 'x-jfrog-version': 'Artifactory/7.90' }],
    ['JFrog Artifactory', { 'www-authenticate': 'Basic realm="Artifactory Realm"' }],
    ['Sonatype Nexus Repository', { server: 'Nexus/3.70.1-02 (OSS)' }],
    ['GitLab container registry', bearer('https://git.example/jwt/auth', 'container_registry')],
    ['Quay', bearer('https://quay.example/v2/auth', 'quay.example')],
    ['Gitea or Forgejo', bearer('https://git.example/v2/token', 'container_registry')],
    [null, { 'docker-distribution-api-version': 'registry/2.0' }],
    [null, {}],
  ] as const) {
    const { product, allow, collect } = recognise('reg.example', headers);
    assert.equal(product, expected);
    assert.ok(allow.length > 0 && collect.length > 0);
    assert.doesNotMatch(collect.join('\n'), /HOST/);
  }
});

test('distribution is told the command without the flag that takes platforms away', () => {
  const { collect } = recognise('reg.example', {});
  const commands = collect.filter((line) => line.startsWith('$ '));
  assert.deepEqual(commands, ['$ registry garbage-collect /etc/distribution/config.yml']);
  assert.match(collect.join('\n'), /Leave out --delete-untagged/);
});
