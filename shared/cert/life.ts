import type { Certificate } from './certificate.ts';

/** Who replaces the certificate: a person, or a controller that starts to when a third of its life is left or less. */
export type Renewal = 'by-hand' | 'automatic';

export type Stage = 'not-yet-valid' | 'fresh' | 'expiring' | 'expiring-soon' | 'expired';

export interface Life {
  readonly stage: Stage;
  /** Milliseconds until it ends; negative once it has. */
  readonly left: number;
  /** What part of its whole life is left, from 0 to 1. */
  readonly fraction: number;
}

const day = 86_400_000;

interface Limit {
  readonly fraction: number;
  readonly most: number;
}

/**
 * A limit is a part of the whole life, capped: a webhook's leaf may live a week and a CA ten years, and one number of
 * days would alarm for ever on the first or too late on the second. A controller begins to renew when between a third
 * (cert-manager) and a tenth (kubelet) is left, so for it only what lies below a tenth shows that it failed.
 */
const limits: Readonly<Record<'leaf' | 'ca' | 'automatic', { readonly warn: Limit; readonly error: Limit }>> = {
  leaf: { warn: { fraction: 0.25, most: 60 * day }, error: { fraction: 0.1, most: 7 * day } },
  ca: { warn: { fraction: 0.25, most: 180 * day }, error: { fraction: 0.1, most: 30 * day } },
  automatic: { warn: { fraction: 0.1, most: 60 * day }, error: { fraction: 0.05, most: 7 * day } },
};

/** How much of a certificate's life is left at a time. */
export function lifeOf(certificate: Certificate, now: Date, renewal: Renewal = 'by-hand'): Life {
  const whole = Math.max(1, certificate.notAfter - certificate.notBefore);
  const left = certificate.notAfter - now.getTime();
  const fraction = Math.min(1, Math.max(0, left / whole));
  const { warn, error } = limits[renewal === 'automatic' ? 'automatic' : certificate.ca ? 'ca' : 'leaf'];
  const below = (limit: Limit): boolean => left < Math.min(limit.fraction * whole, limit.most);
  const stage =
    // Written so that a date no calendar has counts as past.
    !(left >= 0)
      ? 'expired'
      : now.getTime() < certificate.notBefore
        ? 'not-yet-valid'
        : below(error)
          ? 'expiring-soon'
          : below(warn)
            ? 'expiring'
            : 'fresh';
  return { stage, left, fraction };
}

/** `9 days`, `5 hours`, `40 minutes`: a length of time with one unit, rounded down; its sign is left out. */
export function plainDuration(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  for (const [unit, length] of [
    ['day', day],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const) {
    const count = Math.floor(size / length);
    if (count >= 2 || (count === 1 && unit !== 'day')) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  const seconds = Math.floor(size / 1000);
  return `${seconds} second${seconds === 1 ? '' : 's'}`;
}

/** `2026-05-01T10:00:00Z`; a date that no calendar has is named as such. */
export function plainTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? 'an unreadable date' : date.toISOString().replace('.000Z', 'Z');
}
