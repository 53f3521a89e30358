import { record, texts } from '../../shared/kube/json.ts';
import type { Outcome } from '../../shared/registry/fault.ts';
import { manifestLimit, readBody } from './body.ts';
import type { Line, Repository } from './line.ts';
import { nextPage } from './link.ts';
import { statusFault } from './status-faults.ts';

/** A registry whose pages never end is stopped here; no repository that people use comes near it. */
const pageLimit = 1000;

/** Every tag of a repository, page by page, sorted. */
export async function listTags(line: Line, repository: Repository): Promise<Outcome<string[]>> {
  const tags = new Set<string>();
  let page: URL | undefined = new URL(`/v2/${repository.path}/tags/list?n=1000`, line.base);
  for (let count = 0; page !== undefined; count += 1) {
    const { host }: URL = page;
    if (count >= pageLimit)
      return {
        ok: false,
        fault: {
          code: 'body-too-large',
          host,
          role: 'registry',
          detail: `its list of tags has more than ${pageLimit} pages`,
        },
      };
    const outcome = await line.ask(page, 'GET', { accept: 'application/json' });
    if (!outcome.ok) return outcome;
    const answer = outcome.value;
    if (answer.status !== 200) return { ok: false, fault: await statusFault(answer, line.patience.document) };
    const body = await readBody(answer, manifestLimit, line.patience.document);
    if (!body.ok) return body;
    const found = readTags(body.value);
    if (found === undefined)
      return {
        ok: false,
        fault: { code: 'not-a-registry', host, role: 'registry', detail: 'its list of tags is not JSON', status: 200 },
      };
    for (const tag of found) tags.add(tag);
    const link: string | string[] | undefined = answer.headers.link;
    page = link === undefined ? undefined : nextPage(Array.isArray(link) ? link.join(', ') : link, page);
  }
  return { ok: true, value: [...tags].toSorted() };
}

function readTags(body: Uint8Array): string[] | undefined {
  try {
    // An empty repository answers `"tags": null`.
    return texts(record(JSON.parse(new TextDecoder().decode(body)))['tags']);
  } catch {
    return undefined;
  }
}
