import type { CauseId } from '../causes/ids.ts';
import { redact } from './redact.ts';
import type { Read } from './read.ts';
import { isOnTheInternet } from './reference.ts';

/** Where a sign has two patterns for one thing, both groups fill one fact. */
const sameFact: Readonly<Record<string, string>> = { mediaType2: 'mediaType', wanted2: 'wanted' };

/**
 * The arguments for a cause's text. What differs from pod to pod (a clock, a source port) is left to the evidence:
 * findings are grouped by their facts, and a hundred replicas are one finding.
 */
export function factsOf({ unwrapped, sign, where }: Read, cause: CauseId, runtime?: string): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const [name, value] of Object.entries(sign?.facts ?? {}))
    if (name !== 'clock') facts[sameFact[name] ?? name] = redact(value);
  const server = unwrapped.layers.findLast(({ name }) => name === 'lookup')?.facts['server'];
  if (server !== undefined && cause.startsWith('dns-')) facts['server'] = server;
  if (where.upstream !== undefined) facts['upstream'] = where.upstream;
  facts['role'] = where.role;
  if (where.role === 'registry' && where.upstream !== undefined && isOnTheInternet(where.upstream))
    facts['internet'] = 'yes';
  if (runtime !== undefined) facts['runtime'] = runtime;
  const said = sign?.causes[0];
  if (said !== undefined && said !== cause) facts['inner'] = said;
  return facts;
}
