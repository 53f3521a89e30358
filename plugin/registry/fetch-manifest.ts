import type { Outcome } from '../../shared/registry/fault.ts';
import { manifestLimit, readBody } from './body.ts';
import type { Line, Repository } from './line.ts';
import { digestOf } from './digest.ts';
import { acceptManifests, isDigest, parseManifest, type Manifest } from './manifest.ts';
import { statusFault } from './status-faults.ts';

export interface FetchedManifest {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface ManifestHead {
  readonly digest: string | null;
  readonly mediaType: string;
  readonly size: number | null;
}

/** `GET /v2/PATH/manifests/REFERENCE`; the bytes have the digest that was asked for, or the one the registry names. */
export async function fetchManifest(
  line: Line,
  repository: Repository,
  reference: string,
): Promise<Outcome<FetchedManifest>> {
  const outcome = await line.ask(manifestPath(repository, reference), 'GET', { accept: acceptManifests });
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  if (answer.status !== 200) return { ok: false, fault: await statusFault(answer, line.patience.document) };
  const body = await readBody(answer, manifestLimit, line.patience.document);
  if (!body.ok) return body;
  const manifest = parseManifest(body.value, answer.headers['content-type'] ?? '');
  const named = header(answer.headers['docker-content-digest']);
  const expected = isDigest(reference) ? reference : named;
  const digest = digestOf(body.value, expected ?? undefined);
  // A signed schema 1 manifest has the digest of its payload, which is not the digest of the bytes.
  if (expected !== null && digest !== expected && manifest.kind !== 'schema1') {
    const detail =
      manifest.kind === 'html'
        ? 'it answered with a web page in place of the manifest'
        : `it served bytes of ${digest} for ${expected}`;
    const code = manifest.kind === 'html' ? 'not-a-registry' : 'wrong-digest';
    return { ok: false, fault: { code, host: answer.url.host, role: answer.role, detail, status: 200 } };
  }
  return { ok: true, value: { manifest, digest, bytes: body.value } };
}

export async function headManifest(
  line: Line,
  repository: Repository,
  reference: string,
): Promise<Outcome<ManifestHead>> {
  const outcome = await line.ask(manifestPath(repository, reference), 'HEAD', { accept: acceptManifests });
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  if (answer.status !== 200) return { ok: false, fault: await statusFault(answer, line.patience.document) };
  answer.stream.resume();
  const size = header(answer.headers['content-length']);
  return {
    ok: true,
    value: {
      digest: header(answer.headers['docker-content-digest']),
      mediaType: answer.headers['content-type']?.split(';')[0]?.trim() ?? '',
      size: size === null ? null : Number(size),
    },
  };
}

function manifestPath(repository: Repository, reference: string): string {
  return `/v2/${repository.path}/manifests/${reference}`;
}

function header(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
