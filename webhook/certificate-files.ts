import { readFile } from 'node:fs/promises';
import { AirgapError, messageOf } from '../shared/errors.ts';
import { readCertificate, type ServingCertificate } from './certificate.ts';
import { follow } from './follow.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Where somebody else keeps the certificate, such as a mounted Secret. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that was read from files, and how to go on following them. */
export interface FollowedCertificate {
  readonly certificate: ServingCertificate;
  /** Hands over each new certificate that can be used; returns a function that stops it. */
  readonly follow: (use: (certificate: ServingCertificate) => void, metrics: Metrics, log: Log) => () => void;
}

/** Reads certificate and key; throws an `AirgapError` where they do not serve. */
export async function openCertificate({ cert, key }: CertificateFiles): Promise<FollowedCertificate> {
  const texts = await Promise.all([readOrRefuse(cert), readOrRefuse(key)]);
  const first = readCertificate(...texts);
  if (!first.ok)
    throw new AirgapError('input', `The ${first.problem}.`, 'Pass the certificate with the key that belongs to it.');
  return {
    certificate: first.certificate,
    follow: (use, metrics, log) =>
      follow(
        [cert, key],
        texts,
        ([cert = '', key = '']) => {
          const next = readCertificate(cert, key);
          metrics.certificateReload(next.ok ? 'ok' : 'invalid');
          if (next.ok) {
            use(next.certificate);
            log('info', 'certificate replaced', { notAfter: next.certificate.notAfter.toISOString() });
          } else
            log('error', 'the changed certificate is not used: the last good one stays', { problem: next.problem });
        },
        (problem) => log('error', 'the certificate files cannot be read: the last good ones stay', { problem }),
      ),
  };
}

/** Reads a file of the command line; throws an `AirgapError` where it cannot be read. */
export async function readOrRefuse(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AirgapError('input', `${file} cannot be read: ${messageOf(error)}.`, 'Check its path.', error);
  }
}
