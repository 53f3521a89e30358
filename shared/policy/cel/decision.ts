import { defaultHost, digestLengths, longestPath, longestTag, officialPath, patterns } from '../../image/grammar.ts';
import type { CompiledPolicy } from '../compile.ts';
import { celList, celPattern, celText } from './literal.ts';
import { prefixPattern } from './prefix-pattern.ts';
import type { Variable } from './variable.ts';

const { host, component, tag } = patterns;
/** The shape only: bounds on lengths would make a pattern that is slow to match. */
const shape = `^(?:${host}/)?${component}(?:/${component})*(?::\\w[\\w.-]*)?(?:@[a-z0-9]+:[a-f0-9]+)?$`;
const digest = [...digestLengths].map(([algorithm, length]) => `${algorithm}:[a-f0-9]{${length}}`).join('|');
const suffix = `^(?::${tag})?(?:@(?:${digest}))?$`;
export const bareId = '^[a-f0-9]{64}$';
/** Up to the tag or digest: a colon before the last slash belongs to the host. */
const name = '^(?:[^/@]*/)*[^/:@]*';
const hostFirst = '^(?:localhost|[^/]*[.:A-Z][^/]*)/';

/**
 * `decide` as variables over `variables.written`, a list of images, each once: `rules` (prefix with a slash behind it to
 * target, empty where it is allowed), then maps from the image to its name as written, its normalised repository, the
 * longest prefix that covers it (empty where none does), and what it is rewritten to. An image that is not in
 * `repositories` is invalid. Whatever is long is measured, and nothing else: measuring costs more than the rest.
 */
export function decisionVariables(policy: CompiledPolicy): Variable[] {
  const targets = [...policy.verdicts.values()].flatMap((verdict) =>
    verdict.does === 'rewrite' ? [verdict.target] : [],
  );
  const longestTarget = Math.max(0, ...targets.map(({ length }) => length));
  const rules = [...policy.verdicts].map(
    ([prefix, verdict]) => `${celText(`${prefix}/`)}: ${celText(verdict.does === 'rewrite' ? verdict.target : '')}`,
  );
  const short = `size(w) + ${officialPath.length} <= ${longestPath}`;
  const target = 'variables.rules[p] + variables.repositories[w].substring(size(p) - 1)';
  return [
    { name: 'rules', expression: rules.length === 0 ? "{'': ''}" : `{${rules.join(', ')}}` },
    {
      name: 'names',
      expression: `variables.written.filter(w, ${isReference('w')}).transformMapEntry(i, w, {w: w.find(${celPattern(name)})})`,
    },
    {
      name: 'repositories',
      expression: `variables.names.transformMap(w, n, ${short} || ${fits(`(${normalised('n')})`)}, ${normalised('n')})`,
    },
    { name: 'found', expression: `variables.repositories.transformMap(w, r, ${longest(policy)})` },
    {
      name: 'results',
      expression: `variables.found.transformMap(w, p, p != '' && variables.rules[p] != '' && (size(w) + ${longestTarget + officialPath.length} <= ${longestPath} || ${fits(`(${target})`, targets.includes(defaultHost))}), ${target} + w.substring(size(variables.names[w])))`,
    },
  ];
}

function isReference(w: string): string {
  const long = `${w}.substring(size(${w}.find(${celPattern(name)})))`;
  const exact = `(size(${w}) <= ${longestTag} && !${w}.contains('@') || ${long}.matches(${celPattern(suffix)}))`;
  return `${w}.matches(${celPattern(shape)}) && ${exact} && (size(${w}) != 64 || !${w}.matches(${celPattern(bareId)}))`;
}

function normalised(n: string): string {
  return [
    `!${n}.contains('/') ? '${defaultHost}/${officialPath}' + ${n}`,
    `!${n}.matches(${celPattern(hostFirst)}) ? '${defaultHost}/' + ${n}`,
    `${n}.matches(${celPattern('^(?:index\\.)?docker\\.io/[^/]+$')}) ? '${defaultHost}/${officialPath}' + ${n}.substring(${n}.indexOf('/') + 1)`,
    `${n}.startsWith('index.docker.io/') ? ${n}.substring(6)`,
    n,
  ].join(' : ');
}

/**
 * Whether a repository is short enough; a host with an underscore counts as a part of the path, and so does the
 * `library/` of a name that came to Docker Hub by its rule.
 */
function fits(repository: string, toHub = false): string {
  const added = toHub ? `(t.matches(${celPattern('^docker\\.io/[^/]+$')}) ? ${officialPath.length} : 0) + ` : '';
  return `[${repository}].exists(t, ${added}(t.matches(${celPattern('^[^/]*_')}) ? size(t) : size(t) - t.indexOf('/') - 1) <= ${longestPath})`;
}

/** The longest prefix, with a slash behind it, of the repository `r` that has a rule. */
function longest(policy: CompiledPolicy): string {
  const bare = [...policy.verdicts].filter(([, verdict]) => verdict.does === 'rewrite' && !verdict.wholeNames);
  const pattern = prefixPattern(policy);
  if (pattern !== null)
    return `(r + '/').find(${celPattern(pattern)})${bare.length === 0 ? '' : `.find(${celPattern('^.*/')})`}`;
  const notWhole =
    bare.length === 0 ? '' : ` && !(p == r + '/' && p in ${celList(bare.map(([prefix]) => `${prefix}/`))})`;
  return `[r.split('/')].map(s, (lists.range(size(s)).map(k, s.slice(0, size(s) - k).join('/') + '/').filter(p, p in variables.rules${notWhole}) + [''])[0])[0]`;
}
