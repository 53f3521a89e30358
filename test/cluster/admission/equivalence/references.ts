import { generateReferences } from '../../../oracle/references.ts';

const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;
const words = (text: string): string[] => text.trim().split(/\s+/);

/** References on every edge of the grammar and of the rules. */
const chosen = [
  ...words(`
  nginx nginx:1.27 nginx:1.27@${sha} nginx@${sha} library/nginx library/nginx:1 docker.io/nginx docker.io/nginx:1
  docker.io/library/nginx:1 index.docker.io/nginx index.docker.io/library/nginx:1@${sha} index.docker.io/a/b nginx/app
  docker.io/library/nginx/deep:1 redis:7 docker.io/library/redis busybox docker.io/busybox:1 busybox/deep a/b a/b/c:1
  bitnami/redis bitnami/redis:7 docker.io/bitnami bitnami docker.io/bitnami/a/b:1 library library/library
  docker.io/library docker.io:443/library/nginx DOCKER.IO/library/nginx docker.io/docker.io/a sha256:${'a'.repeat(64)}
  quay.io/a/b:1 quay.io/a quay.io/special/one:1 quay.io/special/one quay.io/special/one/more@${sha}
  quay.io/special/onemore quay.io/special quay.io/own quay.io/own/app:1 quay.io/own/app/x quay.io/ownx quay.iox/a
  Quay.io/a quay.io:443/a quay.io my-registry.local/a:1 my-registry.local/library/nginx@${sha} my-registry.local
  my-registry.local.evil.com/a my-registry.local:5000/a MY-REGISTRY.local/a other.local:5000/one other.local:5000/one/x
  other.local:5000/two other.local/one localhost localhost:5000 localhost/own localhost/own/a localhost/b
  localhost:5000/a localhost:5000/base:1 LOCALHOST:5000/a 127.0.0.1:5000/a 127.0.0.1/a [::1]:5000/six/a [::1]:5000/a
  [::1]/a [2001:db8::1]:443/a/b:1 [2001:DB8::1]:443/a [2001:db8::1]/a [fe80::1%eth0]/a [::1 ::1/a Corp:80/a CORP:80/a
  Corp/a corp:80/a Corp:80 ghcr.io/team/app ghcr.io/team/app:1 ghcr.io/team/app/x:1@${sha} ghcr.io/team/appx ghcr.io/x
  ghcr.io/team r2.local/a r2.local r.local:5000/hub r.local:5000/hub/library/x r.local:5000/hubx a_b.c/x a_b:1/x a_b/x
  a__b/c a___b/c x..y/a -x.y/a x.y-/a my_host.corp/odd/a my_host.corp/even x.y:abc/a x.y:/a xn--nxasmq6b.de/a
  Nginx NGINX:1 docker.io/Library/nginx quay.io/A a//b a/ /a a/b/ a/-b a/b- a/.b a/b. a/_b a._b/c a-_b a--b/c
  nginx: nginx:-1 nginx:.x nginx:_x nginx:a/b nginx:${'t'.repeat(128)} nginx:${'t'.repeat(129)} nginx@ nginx@sha256:
  nginx@sha256:abc nginx@${sha.toUpperCase()} nginx@${sha}0 nginx@md5:${'0'.repeat(32)} nginx@sha384:${'1'.repeat(96)}
  nginx@sha512:${'2'.repeat(128)}:x nginx:1:2 nginx:1@${sha}@${sha} ${'a'.repeat(64)} ${'a'.repeat(63)} ${'A'.repeat(64)}
  quay.io/${'p'.repeat(255)} quay.io/${'p'.repeat(256)} ${'p'.repeat(247)} ${'p'.repeat(248)} quay.io/${'p'.repeat(45)}:1
  quay.io/${'p'.repeat(55)}:1 r.local:5000/hub/${'p'.repeat(251)} r.local:5000/hub/${'p'.repeat(252)} a_b.c/${'p'.repeat(249)}
  a_b.c/${'p'.repeat(250)} Corp:80/${'p'.repeat(243)} Corp:80/${'p'.repeat(239)} \${IMAGE} {{.Values.image}} $(IMAGE)
  <image> https://quay.io/a oci://quay.io/a docker://nginx é/a nginx:é quay.io/é "quay.io/a" 'a' a|b a\\b a"b
  `),
  'quay.io/a b',
  'ng\tinx',
  'nginx\n',
  'quay.io/a\u0001',
];

/** All of them, each once. Those from the generator are the same in every run. */
export const references: readonly string[] = [...new Set([...chosen, ...generateReferences(5, 60)])].filter(
  // The API server itself refuses these before anything is judged.
  (image) => image !== '' && image.trim() === image,
);

/** A short list, for the positions and modes that need not see them all. */
export const fewReferences: readonly string[] = references.filter((_, index) => index % 6 === 0);
