import { defaultHost, digestLengths, longestPath, patterns } from '../../image/grammar.ts';
import type { CompiledPolicy } from '../compile.ts';
import { celList, celPattern, celText } from './literal.ts';
import { imageOf } from './places.ts';
import type { Variable } from './variable.ts';

const { host, component, tag } = patterns;
const digest = [...digestLengths].map(([algorithm, length]) => `${algorithm}:[a-f0-9]{${length}}`).join('|');
const reference = `^(?:${host}/)?${component}(?:/${component})*(?::${tag})?(?:@(?:${digest}))?$`;
const bareId = '^[a-f0-9]{64}$';
/** Up to the tag or digest: a colon before the last slash belongs to the host. */
const name = '^(?:[^/@]*/)*[^/:@]*';
const hostFirst = '^(?:localhost|[^/]*[.:A-Z][^/]*)/';

/**
 * `decide` as variables over `variables.changed`: `rules` (prefix to target, empty where it is allowed), then maps from
 * the image as written to its name, its normalised repository, the longest prefix that covers it (empty where none
 * does), and what it is rewritten to. An image that is in none of `repositories` is invalid.
 */
export function decisionVariables(policy: CompiledPolicy): Variable[] {
  const rules = [...policy.verdicts].map(
    ([prefix, verdict]) => `${celText(prefix)}: ${celText(verdict.does === 'rewrite' ? verdict.target : '')}`,
  );
  return [
    { name: 'rules', expression: rules.length === 0 ? "{'': ''}" : `{${rules.join(', ')}}` },
    { name: 'written', expression: `variables.changed.map(e, ${imageOf('e')}).distinct()` },
    {
      name: 'named',
      expression: `variables.written.filter(w, w.matches(${celPattern(reference)}) && !w.matches(${celPattern(bareId)})).transformMapEntry(i, w, {w: w.find(${celPattern(name)})})`,
    },
    { name: 'normalised', expression: `variables.named.transformMap(w, n, ${normalised('n')})` },
    { name: 'repositories', expression: `variables.normalised.transformMap(w, r, ${fits('r')}, r)` },
    { name: 'segments', expression: "variables.repositories.transformMap(w, r, r.split('/'))" },
    { name: 'found', expression: `variables.segments.transformMap(w, s, ${longest(policy)})` },
    {
      name: 'targets',
      expression:
        "variables.found.transformMap(w, p, p != '' && variables.rules[p] != '', variables.rules[p] + variables.repositories[w].substring(size(p)))",
    },
    {
      name: 'results',
      expression: `variables.targets.transformMap(w, t, ${fits('t')}, t + w.substring(size(variables.named[w])))`,
    },
  ];
}

function normalised(n: string): string {
  return [
    `!${n}.contains('/') ? '${defaultHost}/library/' + ${n}`,
    `!${n}.matches(${celPattern(hostFirst)}) ? '${defaultHost}/' + ${n}`,
    `${n}.matches(${celPattern('^(?:index\\.)?docker\\.io/[^/]+$')}) ? '${defaultHost}/library/' + ${n}.substring(${n}.indexOf('/') + 1)`,
    `${n}.startsWith('index.docker.io/') ? ${n}.substring(6)`,
    n,
  ].join(' : ');
}

/** Whether a repository is short enough; a host with an underscore counts as a part of the path. */
function fits(repository: string): string {
  return `(${repository}.matches(${celPattern('^[^/]*_')}) ? size(${repository}) : size(${repository}) - ${repository}.indexOf('/') - 1) <= ${longestPath}`;
}

/** The longest prefix of the segments `s` of the image `w` that has a rule. */
function longest({ verdicts }: CompiledPolicy): string {
  const bare = [...verdicts].filter(([, verdict]) => verdict.does === 'rewrite' && !verdict.wholeNames);
  const notWhole =
    bare.length === 0 ? '' : ` && !(p == variables.repositories[w] && p in ${celList(bare.map(([prefix]) => prefix))})`;
  return `(lists.range(size(s)).map(k, s.slice(0, size(s) - k).join('/')).filter(p, p in variables.rules${notWhole}) + [''])[0]`;
}
