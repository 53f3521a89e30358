import type { Reader } from './finding.ts';
import { hauler } from './hauler.ts';
import { regsync } from './regsync.ts';
import { skopeo } from './skopeo.ts';
import { zarf } from './zarf.ts';

/** Every format that is read back, the one that says least of itself last. */
export const readers = { regsync, hauler, zarf, skopeo } as const satisfies Record<string, Reader>;

export type ImportFormat = keyof typeof readers;
