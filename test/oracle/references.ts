/** Image references that sit on the grammar's edges: put together from parts that are nearly right, then mutated. */

type Random = () => number;

/** A small seeded generator (mulberry32), so that a difference can be seen again from its seed. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const hex = '0123456789abcdef';
const hosts = words(`
  docker.io index.docker.io DOCKER.IO docker.io:443 localhost LOCALHOST localhost:5000 quay.io registry.k8s.io
  my-registry.local:5000 Corp corp CORP:80 127.0.0.1 127.0.0.1:5000 [::1] [::1]:5000 [fe80::1%eth0]
  [2001:DB8::1]:443 [ [] ::1 a_b.c a__b.c a_b:1 x..y -x.y x-.y x.y- x.y: x.y:abc x.y:99999999 .x x. ünï.de a.b.c.d.e
  xn--nxasmq6b.de`).concat('');
const segments = words(`
  nginx library a a-b a--b a_b a__b a___b a.b a..b a-_b a._b -a a- _a a_ .a a. Nginx NGINX 1 0a sha256 ﬁ é team app
  v1.2.3 localhost docker.io`).concat('');
const tags = [
  ...words('latest 1.27 v1 V1 _x -x .x x. x- x_ a/b a:b é 1.2.3-alpine_3+x'),
  '',
  'a b',
  'a'.repeat(127),
  'a'.repeat(128),
  'a'.repeat(129),
];
const algorithms = words('sha256 sha384 sha512 SHA256 md5 sha1 blake3 sha256+b64 sha-256 sha256:').concat('');
const noise = [
  ...words('a b z A Z 0 9 . - _ : / @ [ ] % + é ~ $ // @@ :: sha256: __ -- docker.io/ library/'),
  ' ',
  '\t',
  '\n',
  '\0',
];

/** `count` references, the same for the same seed. */
export function generateReferences(seed: number, count: number): string[] {
  const next = random(seed);
  return Array.from({ length: count }, () => mutate(next, reference(next)));
}

function reference(next: Random): string {
  if (next() < 0.01) return digits(next, 63 + Math.floor(next() * 3));
  const host = next() < 0.6 ? `${pick(next, hosts)}/` : '';
  const path = Array.from({ length: 1 + Math.floor(next() * 3) }, () => segment(next)).join('/');
  const tag = next() < 0.5 ? `:${pick(next, tags)}` : '';
  const digest = next() < 0.3 ? `@${digestOf(next)}` : '';
  return host + (next() < 0.02 ? stretch(next, path) : path) + tag + digest;
}

function segment(next: Random): string {
  if (next() < 0.35) return pick(next, segments);
  return Array.from({ length: 1 + Math.floor(next() * 6) }, () => pick(next, 'abcxyz0189'.split(''))).join('');
}

/** A path whose length is around the limit of 255. */
function stretch(next: Random, path: string): string {
  return `${path}/`.padEnd(245 + Math.floor(next() * 14), 'x');
}

function digestOf(next: Random): string {
  const algorithm = next() < 0.6 ? pick(next, algorithms.slice(0, 3)) : pick(next, algorithms);
  const right = { sha256: 64, sha384: 96, sha512: 128 }[algorithm] ?? 64;
  const length = next() < 0.8 ? right : pick(next, [0, 31, 32, 63, 65, 96, 128]);
  const encoded = digits(next, length);
  return `${algorithm}:${next() < 0.1 ? encoded.toUpperCase() : encoded}`;
}

function mutate(next: Random, text: string): string {
  let out = text;
  const changes = next() < 0.6 ? 0 : 1 + Math.floor(next() * 3);
  for (let change = 0; change < changes; change += 1) {
    const at = Math.floor(next() * (out.length + 1));
    const removed = next() < 0.5 ? 1 : 0;
    const inserted = next() < 0.7 ? pick(next, noise) : '';
    out = out.slice(0, at) + inserted + out.slice(at + removed);
  }
  return out;
}

function digits(next: Random, length: number): string {
  return Array.from({ length }, () => pick(next, hex.split(''))).join('');
}

function pick<T>(next: Random, from: readonly T[]): T {
  return from[Math.floor(next() * from.length)] as T;
}
