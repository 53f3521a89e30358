import { record, texts } from '../../shared/kube/json.ts';
import type { Fault, Outcome } from '../../shared/registry/fault.ts';
import { manifestLimit, readBody } from './body.ts';
import type { Line } from './line.ts';
import { nextPage } from './link.ts';
import { statusFault } from './status-faults.ts';

/** A registry whose pages never end is stopped here; no repository that people use comes near it. */
const pageLimit = 1000;
/** Names on one page; a registry that is set to less answers 400 and is asked for its own number. */
const pageSize = 1000;

/** What stands under `field` on every page of a list, as `Link` headers lead from one to the next; each once, sorted. */
export async function listNames(
  line: Line,
  path: string,
  field: 'tags' | 'repositories',
): Promise<Outcome<readonly string[]>> {
  const names = new Set<string>();
  let page: URL | undefined = new URL(`${path}?n=${pageSize}`, line.base);
  for (let count = 0; page !== undefined; count += 1) {
    const { host }: URL = page;
    const fault = (code: Fault['code'], detail: string): Outcome<never> => ({
      ok: false,
      fault: { code, host, role: 'registry', detail },
    });
    if (count >= pageLimit) return fault('body-too-large', `its list of ${field} has more than ${pageLimit} pages`);
    const outcome = await line.ask(page, 'GET', { accept: 'application/json' });
    if (!outcome.ok) return outcome;
    const answer = outcome.value;
    if (answer.status === 400 && count === 0 && page.search !== '') {
      answer.stream.resume();
      page = new URL(path, line.base);
      continue;
    }
    if (answer.status !== 200) return { ok: false, fault: await statusFault(answer, line.patience.document) };
    const body = await readBody(answer, manifestLimit, line.patience.document);
    if (!body.ok) return body;
    const found = readNames(body.value, field);
    if (found === undefined) return fault('not-a-registry', `its list of ${field} is not JSON`);
    for (const name of found) names.add(name);
    const link: string | string[] | undefined = answer.headers.link;
    page = link === undefined ? undefined : nextPage(Array.isArray(link) ? link.join(', ') : link, page);
  }
  return { ok: true, value: [...names].toSorted() };
}

function readNames(body: Uint8Array, field: string): string[] | undefined {
  try {
    // An empty repository answers `"tags": null`.
    return texts(record(JSON.parse(new TextDecoder().decode(body)))[field]);
  } catch {
    return undefined;
  }
}
