import { messageOf } from '../../shared/errors.ts';
import { kinds } from './kinds.ts';
import type { Cluster } from './cluster.ts';
import type { Gap, KindName, Reading, Snapshot } from './snapshot.ts';

const notAsked: Reading<never> = { items: [], gap: { why: 'not-asked', reason: 'no check asked for it' } };

/**
 * Reads the asked kinds, each once: resources first and in parallel, then the observations that need to know them.
 * What cannot be read is a gap in its own reading and costs no other. `progress` hears the name of each kind that is
 * being read, for a person who waits.
 */
export async function collect(
  cluster: Cluster,
  asked: ReadonlySet<KindName>,
  options: {
    readonly namespace?: string;
    readonly signal?: AbortSignal;
    readonly progress?: (line: string) => void;
  } = {},
): Promise<Snapshot> {
  const wanted = withPrerequisites(asked);
  const readings: Partial<Record<KindName, Reading<unknown>>> = {};
  for (const name of Object.keys(kinds) as KindName[]) readings[name] = notAsked;
  const snapshot = readings as Snapshot;

  const read = async (name: KindName): Promise<void> => {
    const entry = kinds[name];
    const items: unknown[] = [];
    let odd: string | undefined;
    const visit = (raw: Parameters<typeof entry.read>[0]): void => {
      try {
        const item = entry.read(raw);
        if (item !== undefined) items.push(item);
      } catch (error) {
        // One object that no reader foresaw must not cost the thousands beside it, nor pass unmentioned.
        odd ??= `one or more ${name} could not be understood: ${messageOf(error)}`;
      }
    };
    options.progress?.(name);
    let gap: Gap | null;
    if (entry.from === 'observation') gap = await cluster.observe(name, snapshot, visit);
    else
      gap = await cluster.list(entry.type, visit, {
        ...(options.namespace !== undefined && entry.type.namespaced ? { namespace: options.namespace } : {}),
        ...(entry.fieldSelector === undefined ? {} : { fieldSelector: entry.fieldSelector }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    if (odd !== undefined) gap ??= { why: 'failed', reason: odd };
    readings[name] = { items, gap };
  };
  const names = [...wanted];
  await Promise.all(names.filter((name) => kinds[name].from === 'resource').map(read));
  await Promise.all(names.filter((name) => kinds[name].from === 'observation').map(read));
  return snapshot;
}

function withPrerequisites(asked: ReadonlySet<KindName>): Set<KindName> {
  const wanted = new Set(asked);
  // An observation may follow another one, so what is added is looked at again: a Set iterates over its additions.
  for (const name of wanted) {
    const entry = kinds[name];
    if (entry.from === 'observation') for (const prerequisite of entry.after) wanted.add(prerequisite);
  }
  return wanted;
}
