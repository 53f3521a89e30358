import type { random as seeded } from './references.ts';

type Random = ReturnType<typeof seeded>;

/** Policies and pods that sit on the edges of what is sound and what a runtime reads, from a seeded generator. */

type Spec = Record<string, unknown>;

const pick = <T>(random: Random, from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0];
const some = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: Math.floor(random() * (most + 1)) }, make);

const hosts = [
  'docker.io',
  'index.docker.io',
  'a.b',
  'a.b.c',
  'c.d:5000',
  'localhost',
  'Host',
  '[::1]',
  'my_h.x',
] as const;
const segments = ['library', 'x', 'y', 'x__y', 'x-y', 'xy', 'x.y', 'x--y'] as const;
const oddHosts = ['My_h.x', 'a-.b', 'a', 'a.b.', 'a..b', 'a_-b.c', 'a.b:', '_a.b', 'a.b:99999', '1', 'a_b:80'] as const;
const oddSegments = ['x___y', 'x..y', 'X', 'x:1', '', '*', 'x@y', '-x'] as const;

export function prefix(random: Random, odd = 0): string {
  const host = random() < odd ? pick(random, oddHosts) : pick(random, hosts);
  const path = some(random, 2, () => (random() < odd ? pick(random, oddSegments) : pick(random, segments)));
  return [host, ...path].join('/');
}

const names = [
  'a',
  'b',
  'a-b',
  'a.b',
  'a..b',
  'a.-b',
  'A',
  '',
  '-a',
  'a-',
  'a_b',
  'a'.repeat(64),
  'a'.repeat(254),
] as const;
const labels = ['a', 'a.b/c', 'a b', '', '/a', 'a/', 'A_b-c.d', 'x'.repeat(64), 'a.b/c/d', 'A.b/c', '-a', 'é'] as const;
const values = ['', 'a', 'A_b.c', 'a b', '-a', 'x'.repeat(64), 'é', true, 1] as const;
const paths = ['spec.image', 'spec.a[*].image', 'spec[0]', '.spec', 'a..b', 'a[*][*]', 'spec.a/b'] as const;

/** An AirgapPolicy that may be wrong in any place. */
export function anyPolicy(random: Random): Spec {
  const spec: Spec = {};
  const put = (key: string, chance: number, make: () => unknown): void => {
    if (random() < chance) spec[key] = make();
  };
  put('mode', 0.5, () => pick(random, ['Audit', 'Warn', 'Rewrite', 'Enforce', 'enforce', 1]));
  put('mirrors', 0.7, () =>
    some(random, 3, () => ({ sourcePrefix: prefix(random, 0.04), targetPrefix: prefix(random, 0.04) })),
  );
  put('allowedPrefixes', 0.5, () => some(random, 2, () => prefix(random, 0.1)));
  put('imagePullSecrets', 0.2, () => some(random, 2, () => pick(random, names)));
  put('namespaceSelector', 0.3, () => ({
    matchLabels: Object.fromEntries(some(random, 1, () => [pick(random, labels), pick(random, values)])),
    matchExpressions: some(random, 2, () => ({
      key: pick(random, labels),
      operator: pick(random, ['In', 'NotIn', 'Exists', 'DoesNotExist', 'in']),
      ...(random() < 0.5 ? { values: some(random, 2, () => pick(random, values)) } : {}),
    })),
  }));
  put('exemptions', 0.2, () =>
    some(random, 2, () => ({
      namespaces: some(random, 2, () => pick(random, names)),
      reason: pick(random, ['x', ' ', '', 'a\nb']),
    })),
  );
  put('customResources', 0.2, () =>
    some(random, 2, () => ({
      group: pick(random, names),
      kind: pick(random, ['A', 'a', 'A-b', '1a', '']),
      paths: some(random, 2, () => pick(random, paths)),
    })),
  );
  put('extra', 0.03, () => 1);
  return policyOf(spec, random() < 0.2 ? pick(random, names) : 'd');
}

/** One that is sound more often than not, with targets on Docker Hub and of any length, and sometimes many rules. */
export function likelyPolicy(random: Random): Spec {
  const target = (): string =>
    random() < 0.1 ? `${prefix(random)}/${'a'.repeat(pick(random, [100, 200]))}` : prefix(random);
  const most = random() < 0.1 ? 60 : 3;
  return policyOf({
    mode: 'Enforce',
    mirrors: some(random, most, () => ({
      sourcePrefix: prefix(random),
      targetPrefix: random() < 0.1 ? 'docker.io' : target(),
    })),
    allowedPrefixes: [...new Set(some(random, 3, () => prefix(random)))],
    imagePullSecrets: pick<string[]>(random, [[], ['s1'], ['s1', 's2']]),
  });
}

const policyOf = (spec: Spec, name = 'd'): Spec => ({
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name },
  spec,
});

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const ends = ['', '', '', ':1', `:${'a'.repeat(128)}`, `@${digest}`, `:1@${digest}`] as const;
const oddImages = ['nginx', 'NGINX', 'a/B', 'localhost', 'docker.io/', 'x:', 'x@', digest, 'a_b:80/x', '-a/x'] as const;
const noise = [
  ' ',
  '\t',
  '\n',
  '..',
  '//',
  '@',
  '::',
  'A',
  '{{x}}',
  '_',
  '-',
  'é',
  '\u202e',
  `:${'a'.repeat(129)}`,
] as const;
const lengths = [5, 120, 200, 245, 247, 248, 250, 255] as const;

/** An image that has to do with a prefix of the policy more often than not. */
function image(random: Random, prefixes: readonly string[]): string {
  const near = prefixes[Math.floor(random() * prefixes.length)];
  const long = (): string => `/${'a'.repeat(pick(random, lengths))}`;
  let text =
    near !== undefined && random() < 0.4
      ? near + pick(random, ['', '/x', '/x/y', 'x', '/library/x', long()])
      : random() < 0.2
        ? pick(random, oddImages)
        : (random() < 0.4 ? '' : `${pick(random, hosts)}/`) +
          [...some(random, 3, () => pick(random, segments)), 'x'].join('/');
  text += pick(random, ends);
  if (random() > 0.1) return text;
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + pick(random, noise) + text.slice(at);
}

export interface AnyPod {
  metadata: { name: string; annotations?: Record<string, string> };
  spec: Record<string, { name: string }[]>;
}

/** A pod with images in all four places; on an update some of them are those of `before`. */
export function anyPod(random: Random, prefixes: readonly string[], before?: AnyPod): AnyPod {
  let count = 0;
  const next = (): string => `c${(count += 1)}`;
  const container = () => ({ name: next(), image: image(random, prefixes) });
  const spec: AnyPod['spec'] = {
    containers: [container(), ...some(random, 2, container)],
    initContainers: some(random, 1, container),
    ephemeralContainers: some(random, 1, container),
    volumes: some(random, 1, () => ({ name: next(), image: { reference: image(random, prefixes) } })),
    imagePullSecrets: pick(random, [[], [{ name: 's1' }], [{ name: 'own' }]]),
  };
  for (const list of ['containers', 'initContainers', 'volumes'])
    spec[list] = (spec[list] ?? []).map((own, index) => (random() < 0.5 ? (before?.spec[list]?.[index] ?? own) : own));
  return { metadata: { name: 'p', ...(random() < 0.3 ? { annotations: { a: 'b' } } : {}) }, spec };
}
