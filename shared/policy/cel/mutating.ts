import type { CompiledPolicy } from '../compile.ts';
import { decisionVariables } from './decision.ts';
import { someImageToJudge } from './fast.ts';
import { celList, celPattern } from './literal.ts';
import { entriesOf, entryOf, imageOf, ownerOf, places } from './places.ts';
import { notMirrorPod, podRules } from './matched.ts';
import type { Variable } from './variable.ts';

const annotation = 'airgap.dev/original-images';
/** The annotation as the webhook and this policy write it: one object of plain strings, without white space. */
const plainString = '"[^"\\\\]*"';
const plainObject = `^\\{${plainString}:${plainString}(?:,${plainString}:${plainString})*\\}$`;

/** `spec` of the MutatingAdmissionPolicy: one patch, so that the pod is encoded and decoded once. */
export function mutatingSpec(policy: CompiledPolicy): Record<string, unknown> {
  return {
    failurePolicy: 'Ignore',
    reinvocationPolicy: 'IfNeeded',
    matchConstraints: podRules,
    matchConditions: [
      notMirrorPod,
      { name: 'something-changed', expression: "request.operation == 'CREATE' || object.spec != oldObject.spec" },
      { name: 'something-to-do', expression: somethingToDo(policy) },
    ],
    variables: [
      { name: 'entries', expression: entriesOf('object.spec') },
      { name: 'before', expression: `request.operation == 'UPDATE' ? ${entriesOf('oldObject.spec')} : []` },
      { name: 'changed', expression: 'variables.entries.filter(e, !(e in variables.before))' },
      ...decisionVariables(policy),
      ...annotationVariables,
      ...secretVariables(policy),
    ],
    mutations: [
      {
        patchType: 'JSONPatch',
        jsonPatch: { expression: [...places.map(replaced), annotated, secretsAppended(policy)].flat().join(' +\n') },
      },
    ],
  };
}

function somethingToDo(policy: CompiledPolicy): string {
  const images = someImageToJudge(policy, 'object.spec');
  if (policy.pullSecrets.length === 0) return images;
  const lacking = `!${celList(policy.pullSecrets)}.all(n, ${hasSecret('n')})`;
  return `${images} || (request.operation == 'CREATE' && ${lacking})`;
}

function replaced(place: (typeof places)[number]): string {
  const { list, present, field } = place;
  const wanted = `${present} && x.${field} in variables.results && (${entryOf(place)}) in variables.changed`;
  const path = `'/spec/${list}/' + string(i) + '/${field.replaceAll('.', '/')}'`;
  return `(has(object.spec.${list}) ? object.spec.${list}.transformList(i, x, ${wanted}, JSONPatch{op: 'replace', path: ${path}, value: variables.results[x.${field}]}) : [])`;
}

const annotationVariables: readonly Variable[] = [
  { name: 'rewritten', expression: `variables.changed.filter(e, ${imageOf('e')} in variables.results)` },
  {
    name: 'originals',
    expression: `variables.rewritten.transformMapEntry(i, e, {${ownerOf('e')}: ${imageOf('e')}})`,
  },
  { name: 'noted', expression: `object.metadata.?annotations[?'${annotation}'].orValue('')` },
  {
    name: 'kept',
    expression: `variables.noted.matches(${celPattern(plainObject)}) ? variables.noted.substring(2, size(variables.noted) - 2).split('","') : []`,
  },
  { name: 'keptOwners', expression: `variables.kept.map(k, k.split('":"')[0])` },
  {
    name: 'note',
    expression: `'{"' + (variables.kept.map(k, k.split('":"')[0] in variables.originals ? k.split('":"')[0] + '":"' + variables.originals[k.split('":"')[0]] : k) + variables.rewritten.filter(e, !(${ownerOf('e')} in variables.keptOwners)).map(e, ${ownerOf('e')} + '":"' + ${imageOf('e')})).join('","') + '"}'`,
  },
];

/** The API server takes nothing but the containers from the subresource. */
const annotated = `(has(request.subResource) || size(variables.rewritten) == 0 ? [] : has(object.metadata.annotations) ? [JSONPatch{op: 'add', path: '/metadata/annotations/${annotation.replaceAll('/', '~1')}', value: variables.note}] : [JSONPatch{op: 'add', path: '/metadata/annotations', value: {'${annotation}': variables.note}}])`;

const hasSecret = (name: string): string =>
  `has(object.spec.imagePullSecrets) && object.spec.imagePullSecrets.exists(s, has(s.name) && s.name == ${name})`;

function secretVariables({ pullSecrets }: CompiledPolicy): Variable[] {
  if (pullSecrets.length === 0) return [];
  const fromMirror =
    "variables.found.exists(w, variables.found[w] != '' && (variables.rules[variables.found[w]] == '' || w in variables.results))";
  return [
    {
      name: 'lackingSecrets',
      expression: `request.operation == 'CREATE' && ${fromMirror} ? ${celList(pullSecrets)}.filter(n, !(${hasSecret('n')})) : []`,
    },
  ];
}

function secretsAppended({ pullSecrets }: CompiledPolicy): string[] {
  if (pullSecrets.length === 0) return [];
  return [
    "(size(variables.lackingSecrets) == 0 ? [] : has(object.spec.imagePullSecrets) ? variables.lackingSecrets.map(n, JSONPatch{op: 'add', path: '/spec/imagePullSecrets/-', value: {'name': n}}) : [JSONPatch{op: 'add', path: '/spec/imagePullSecrets', value: variables.lackingSecrets.map(n, {'name': n})}])",
  ];
}
