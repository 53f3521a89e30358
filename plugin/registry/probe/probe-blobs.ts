import type { Fault, FaultCode } from '../../../shared/registry/fault.ts';
import type { ProbeStep } from '../../../shared/registry/probe.ts';
import { readStart } from '../body.ts';
import type { Registries } from '../client.ts';
import { digestOf } from '../digest.ts';
import type { Repository } from '../line.ts';
import type { Descriptor, Manifest } from '../manifest.ts';
import { inTurns } from '../../in-turns.ts';
import { failed, faulted, passed } from './steps.ts';

const startLength = 512;
/** Blobs of one image looked at at a time; the wire has its own limit for the host. */
const atATime = 4;

/** The config and the layers: whether each is there, as long as the manifest says, and no error page in its place. */
export async function probeBlobs(
  registries: Registries,
  repository: Repository,
  image: Manifest & { readonly kind: 'image' },
): Promise<ProbeStep> {
  // Foreign layers come from where their vendor keeps them; runtimes no longer fetch them from a registry.
  const kept = image.layers.filter(({ mediaType }) => !/nondistributable|foreign/.test(mediaType));
  const blobs = [...new Map([image.config, ...kept].map((blob) => [blob.digest, blob])).values()];
  const faults = (await inTurns(blobs, atATime, (blob) => lookAt(registries, repository, blob))).filter(
    (fault) => fault !== null,
  );
  const first = faults[0];
  if (first === undefined)
    return passed('blobs', repository.host, `${blobs.length} of ${blobs.length} blobs begin as they should`);
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more of ${blobs.length} blobs)` : '';
  return 'role' in first
    ? faulted('blobs', { ...first, detail: first.detail + more })
    : failed('blobs', first.host, first.code, first.detail + more);
}

type BlobFault = Fault | { readonly host: string; readonly code: FaultCode; readonly detail: string };

async function lookAt(registries: Registries, repository: Repository, blob: Descriptor): Promise<BlobFault | null> {
  const name = blob.digest.slice(0, 'sha256:'.length + 12);
  const opened = await registries.blob(repository, blob.digest, 0, startLength - 1);
  if (!opened.ok) return { ...opened.fault, detail: `blob ${name}: ${opened.fault.detail}` };
  const { host, size, stream, contentType } = opened.value;
  const fault = (code: FaultCode, detail: string): BlobFault => ({ host, code, detail: `blob ${name} ${detail}` });
  const start = await readStart(stream, startLength);
  if (size !== null && blob.size > 0 && size !== blob.size)
    return fault('truncated', `has ${size} bytes, and the manifest says ${blob.size}`);
  if (start === null) return fault('truncated', 'broke off in its first bytes');
  if (start.length < Math.min(startLength, blob.size))
    return fault('truncated', `ended after ${start.length} bytes, and the manifest says ${blob.size}`);
  if (/^text\/html\b/i.test(contentType) && /^\s*</.test(Buffer.from(start).toString('latin1')))
    return fault('not-a-registry', 'is a web page');
  const whole = blob.size > 0 && blob.size <= startLength && start.length === blob.size;
  if (whole && digestOf(start, blob.digest) !== blob.digest)
    return fault('wrong-digest', 'has other bytes than its digest says');
  return null;
}
