import { covers, parsePrefix } from '../image/prefix.ts';
import { defaultHost } from '../image/grammar.ts';
import { isRepository, normal } from './compile.ts';
import type { AirgapPolicy } from './policy.generated.ts';
import type { Path, PolicyProblem } from './problem.ts';
import schema from './schema.json' with { type: 'json' };
import { shapes } from './shapes.ts';

type Spec = AirgapPolicy['spec'];
interface Rule {
  readonly index: number;
  readonly source: string;
  readonly target: string;
}

const problem = (path: Path, message: string): PolicyProblem => ({ path, line: null, message });

/** What is wrong with a policy of the right shape: prefixes first, for the rest reasons about them. */
export function findProblems({ spec }: AirgapPolicy): PolicyProblem[] {
  const unreadable = prefixesOf(spec).flatMap(([path, prefix]) => {
    const parsed = parsePrefix(prefix);
    return parsed.ok ? [] : [problem(path, parsed.reason)];
  });
  if (unreadable.length > 0) return unreadable;
  return [...equalSources(spec), ...rewrittenTwice(spec), ...bothWays(spec), ...selectors(spec), ...repeated(spec)];
}

function prefixesOf({ mirrors = [], allowedPrefixes = [] }: Spec): [Path, string][] {
  return [
    ...mirrors.flatMap(({ sourcePrefix, targetPrefix }, index): [Path, string][] => [
      [['spec', 'mirrors', index, 'sourcePrefix'], sourcePrefix],
      [['spec', 'mirrors', index, 'targetPrefix'], targetPrefix],
    ]),
    ...allowedPrefixes.map((prefix, index): [Path, string] => [['spec', 'allowedPrefixes', index], prefix]),
  ];
}

function rulesOf({ mirrors = [] }: Spec): Rule[] {
  return mirrors.map((mirror, index) => ({
    index,
    source: normal(mirror.sourcePrefix),
    target: normal(mirror.targetPrefix),
  }));
}

function equalSources(spec: Spec): PolicyProblem[] {
  const first = new Map<string, number>();
  return rulesOf(spec).flatMap(({ index, source }) => {
    const earlier = first.get(source);
    if (earlier === undefined) first.set(source, index);
    return earlier === undefined
      ? []
      : [
          problem(
            ['spec', 'mirrors', index, 'sourcePrefix'],
            `${source} is the source of spec.mirrors[${earlier}] too: keep one`,
          ),
        ];
  });
}

/** Every result of a rule has to be final: the webhook may see an object again after another webhook changed it. */
function rewrittenTwice(spec: Spec): PolicyProblem[] {
  const rules = rulesOf(spec);
  return rules.flatMap((rule) => {
    const path: Path = ['spec', 'mirrors', rule.index, 'targetPrefix'];
    if (rule.target === rule.source)
      return [problem(path, `equals the source: to leave ${rule.source} as it is, name it in spec.allowedPrefixes`)];
    const next = rules.find((other) => feeds(rule, other, rules));
    if (next === undefined) return [];
    const cycle = rules.some((other) => other.index === next.index && feeds(next, rule, rules)) ? ', in a circle' : '';
    return [
      problem(
        path,
        `what is rewritten to ${rule.target} would be rewritten again by spec.mirrors[${next.index}] (${next.source})${cycle}`,
      ),
    ];
  });
}

/** Whether some result of `rule` is under the source of `other`. */
function feeds(rule: Rule, other: Rule, rules: readonly Rule[]): boolean {
  if (covers(other.source, rule.target)) return true;
  if (!covers(rule.target, other.source)) return false;
  // On Docker Hub a single segment gets "library/" in front, so that what reaches the other source is hard to say.
  if (rule.target === defaultHost) return true;
  // The names that would get there have a rule of their own, and the longest source decides; but a rule whose target
  // cannot take the place of a whole name leaves that one name to the next.
  const before = rule.source + other.source.slice(rule.target.length);
  return !rules.some(
    ({ source, target }) =>
      source.length > rule.source.length && covers(source, before) && (source !== before || isRepository(target)),
  );
}

function bothWays({ mirrors = [], allowedPrefixes = [] }: Spec): PolicyProblem[] {
  const sources = new Map(mirrors.map(({ sourcePrefix }, index) => [normal(sourcePrefix), index]));
  return allowedPrefixes.flatMap((prefix, index) => {
    const source = sources.get(normal(prefix));
    return source === undefined
      ? []
      : [
          problem(
            ['spec', 'allowedPrefixes', index],
            `${prefix} is the source of spec.mirrors[${source}]: an image is either rewritten or allowed`,
          ),
        ];
  });
}

function selectors({ namespaceSelector }: Spec): PolicyProblem[] {
  const path: Path = ['spec', 'namespaceSelector'];
  const isLabel = new RegExp(schema.definitions.label.pattern);
  const labels = Object.keys(namespaceSelector?.matchLabels ?? {}).flatMap((key) =>
    isLabel.test(key) ? [] : [problem([...path, 'matchLabels', key], `no namespace has such a label: ${shapes.label}`)],
  );
  const values = (namespaceSelector?.matchExpressions ?? []).flatMap(({ operator, values: listed = [] }, index) => {
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (needsValues === listed.length > 0) return [];
    const message = needsValues ? `${operator} needs at least one value` : `${operator} takes no values`;
    return [problem([...path, 'matchExpressions', index, 'values'], message)];
  });
  return [...labels, ...values];
}

/** The API server keeps these lists as sets, and takes no object that has one twice. */
function repeated({
  allowedPrefixes = [],
  imagePullSecrets = [],
  exemptions = [],
  customResources = [],
}: Spec): PolicyProblem[] {
  const sets: readonly (readonly [Path, readonly string[]])[] = [
    [['spec', 'allowedPrefixes'], allowedPrefixes],
    [['spec', 'imagePullSecrets'], imagePullSecrets],
    ...exemptions.map(({ namespaces }, index): [Path, readonly string[]] => [
      ['spec', 'exemptions', index, 'namespaces'],
      namespaces,
    ]),
    ...customResources.map(({ paths }, index): [Path, readonly string[]] => [
      ['spec', 'customResources', index, 'paths'],
      paths,
    ]),
  ];
  return sets.flatMap(([path, members]) =>
    members.flatMap((member, index) =>
      members.indexOf(member) === index ? [] : [problem([...path, index], `${member} is there twice: keep one`)],
    ),
  );
}
