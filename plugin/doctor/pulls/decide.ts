import type { CauseId } from '../causes/ids.ts';
import type { Read } from './read.ts';
import { kubernetesMinor } from './runtime.ts';
import type { Circumstances } from './verdict.ts';

/** One or more causes; more than one where the same text is printed for each of them. */
type Causes = readonly [CauseId, ...CauseId[]];

/**
 * From the sign to the cause: the step that failed and the host that failed decide what one and the same error means.
 * A name that does not resolve is the fault of the registry's name, of the token service, of a redirect or of the proxy.
 */
export function decide(read: Read, circumstances: Circumstances): Causes {
  const said = read.sign?.causes[0];
  if (read.ofAnother) return ['not-image'];
  if (isOtherSandboxFault(read)) return [said === 'runtime-config' ? said : 'not-image'];
  return byStep(read, said) ?? byHost(read, said) ?? byWords(read, said, circumstances);
}

/** A sandbox fails for many reasons; only what names an image, or the runtime's own settings, is of this list. */
function isOtherSandboxFault({ layers }: Read): boolean {
  return layers.has('sandbox') && !layers.has('sandbox-image') && !layers.has('image');
}

function byStep({ layers, tail }: Read, said: CauseId | undefined): Causes | undefined {
  if (layers.has('volume')) return ['image-volume'];
  if (layers.has('credential-plugin')) return ['credential-provider'];
  if (layers.has('verify') || layers.has('bad-signature')) return [signatureFault(said)];
  if (layers.has('name')) return [said === 'short-name' ? said : 'invalid-image-name'];
  if (layers.has('inspect')) return [said !== undefined && ofTheNode.has(said) ? said : 'image-inspect'];
  if (layers.has('extract')) return [said !== undefined && ofTheDisk.has(said) ? said : 'layer-extract-failed'];
  if (layers.has('login') && said !== 'rate-limited') return ['auth-denied', 'auth-required'];
  return layers.has('back-off') && tail.trim() === '' ? ['cause-lost'] : undefined;
}

const ofTheNode = new Set<CauseId>(['invalid-image-name', 'short-name', 'disk-full', 'node-content-corrupt']);
const ofTheDisk = new Set<CauseId>(['disk-full', 'digest-mismatch', 'node-content-corrupt', 'platform-missing']);

function signatureFault(said: CauseId | undefined): CauseId {
  if (said === undefined || said === 'image-not-found') return 'signature-invalid';
  if (said.startsWith('signature-') || said === 'runtime-config') return said;
  return outOfReach(said) || said === 'pull-timeout' ? 'signature-unverifiable' : 'signature-invalid';
}

/** A fault of the way to a host or of the host itself, whatever is asked of it. */
function outOfReach(cause: CauseId): boolean {
  return /^(?:dns|net|tls|proxy)-/.test(cause) || cause === 'registry-error';
}

function byHost({ layers, where, unwrapped }: Read, said: CauseId | undefined): Causes | undefined {
  const lookedUp = unwrapped.layers.findLast(({ name }) => name === 'lookup')?.facts['name'];
  // A scheme written twice or a bare word as a proxy makes Go look up the scheme as a name.
  if (lookedUp === 'http' || lookedUp === 'https' || said === 'proxy-malformed') return ['proxy-malformed'];
  if (said === undefined) return undefined;
  if (where.role === 'proxy') return ['proxy-unreachable'];
  if (where.role === 'token') return tokenFault(layers, said);
  // Certificates stay what they are at any host: their cure is the same.
  if (where.role === 'redirect' && lostOnTheWay(said)) return ['redirect-unreachable'];
  return where.role === 'mirror' && said === 'image-not-found' ? ['mirror-miss'] : undefined;
}

function lostOnTheWay(said: CauseId): boolean {
  return /^(?:dns|net|proxy|auth)-/.test(said) || ['registry-error', 'image-not-found', 'pull-timeout'].includes(said);
}

function tokenFault(layers: Read['layers'], said: CauseId): Causes {
  if (said === 'rate-limited') return [said];
  if (!said.startsWith('auth-') || said === 'auth-token-service') return ['auth-token-service'];
  if (layers.has('anonymous-token')) return ['auth-required'];
  return layers.has('bearer-token') ? ['auth-denied', 'auth-required'] : ['auth-denied'];
}

function byWords(read: Read, said: CauseId | undefined, circumstances: Circumstances): Causes {
  const { layers, innermost, tail, sign } = read;
  if (sign === undefined || said === undefined) return [withoutWords(read)];
  if (layers.has('lookup')) {
    if (said === 'net-timeout' || said === 'pull-timeout') return ['dns-timeout'];
    if (said.startsWith('net-')) return ['dns-failure'];
  }
  // The same two words end a body that was promised longer and a connection that was cut before any answer.
  if (said === 'net-reset' && tail.includes('unexpected EOF') && innermost !== 'request') return ['layer-truncated'];
  if (said === 'pull-timeout' && innermost === 'request') return ['net-timeout'];
  if (said === 'auth-denied' || said === 'auth-required') return refusal(read, circumstances) ?? sign.causes;
  // The node was told to use plain HTTP, and a server that wants TLS says no more than this.
  if (said === 'registry-error' && sign.facts['status']?.startsWith('400') === true && read.plainHttp)
    return ['mirror-config', 'registry-error'];
  if (said === 'never-pull' && mayHideImages(circumstances)) return ['never-pull', 'never-pull-unverified'];
  return sign.causes;
}

/** What a refusal leaves open: whether anything was sent that could be refused, and who has refused it. */
function refusal({ sign, layers, tail }: Read, { brings }: Circumstances): Causes | undefined {
  if (brings === false && sign !== undefined && sign.causes.length > 1) return ['auth-required'];
  if (brings === false && sign?.facts['status']?.startsWith('401') === true) return ['auth-required', 'auth-denied'];
  // containerd 1 prints the address of the registry for what the object store behind it has answered; the manifest
  // came with the same login, so the registry itself is not the likeliest to refuse.
  const blob = layers.has('transfer') && /unexpected status code <url>: 403/.test(tail);
  return blob ? ['redirect-unreachable', 'auth-denied'] : undefined;
}

/** Since 1.33 a kubelet can refuse an image that is there because these credentials never pulled it; by default since 1.35. */
function mayHideImages({ kubelet }: Circumstances): boolean {
  return (kubernetesMinor(kubelet ?? '') ?? Number.POSITIVE_INFINITY) >= 33;
}

/** Nothing known in the words: the status code of the call to the runtime may still say it. */
function withoutWords({ layers, unwrapped }: Read): CauseId {
  if (layers.has('registry-down')) return 'registry-error';
  switch (
    unwrapped.layers.findLast(({ name, facts }) => name === 'code' && facts['code'] !== undefined)?.facts['code']
  ) {
    case 'NotFound':
      return 'image-not-found';
    case 'DeadlineExceeded':
    case 'Canceled':
      return 'pull-timeout';
    case undefined:
    default:
      return 'unclassified';
  }
}
