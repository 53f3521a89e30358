import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../../../plugin/cluster/duration.ts';
import { proxyFor } from '../../../plugin/cluster/proxy.ts';

const server = new URL('https://api.corp:6443');
const HTTPS_PROXY = 'http://proxy.corp:3128';

test('the proxy of the kubeconfig comes before that of the environment', () => {
  assert.equal(proxyFor(server, undefined, {}), undefined);
  assert.equal(proxyFor(server, undefined, { HTTPS_PROXY }), HTTPS_PROXY);
  assert.equal(proxyFor(server, undefined, { https_proxy: 'proxy.corp:3128' }), HTTPS_PROXY);
  assert.equal(proxyFor(server, 'socks5://s.corp', { HTTPS_PROXY }), 'socks5://s.corp');
  assert.equal(proxyFor(server, undefined, { HTTP_PROXY: HTTPS_PROXY }), undefined);
});

test('NO_PROXY is read as kubectl reads it', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['https://api.corp:6443', 'api.corp', true],
    ['https://api.corp:6443', 'corp', true],
    ['https://api.corp:6443', '.corp', true],
    ['https://api.corp:6443', '*.corp', true],
    ['https://api.corp:6443', 'other, api.corp:6443', true],
    ['https://api.corp:6443', 'api.corp:443', false],
    ['https://api.corp:6443', 'pi.corp', false],
    ['https://api.corp:6443', '.api.corp', false],
    ['https://api.corp:6443', '*', true],
    ['https://10.0.0.7:6443', '10.0.0.0/24', true],
    ['https://10.0.1.7:6443', '10.0.0.0/24', false],
    ['https://10.0.0.7:6443', '10.0.0.7', true],
    ['https://127.0.0.1:6443', '', true],
    ['https://localhost:6443', '', true],
    ['https://[::1]:6443', '', true],
    ['https://[fd00::1]:6443', 'fd00::1', true],
  ];
  for (const [url, NO_PROXY, bypassed] of cases)
    assert.equal(
      proxyFor(new URL(url), undefined, { HTTPS_PROXY, NO_PROXY }) === undefined,
      bypassed,
      `${url} ${NO_PROXY}`,
    );
});

test('a length of time is read as kubectl reads it', () => {
  for (const [text, expected] of [
    ['', undefined],
    ['0', undefined],
    ['0s', undefined],
    ['30', 30_000],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['1h', 3_600_000],
  ] as const)
    assert.equal(parseDuration(text), expected, text);
  for (const text of ['soon', '-1s', '5d', 's', '1 m'])
    assert.throws(() => parseDuration(text), { code: 'usage' }, text);
});
