import { originalImages } from '../../kube/annotation.ts';
import type { CompiledPolicy } from '../compile.ts';
import { decisionVariables } from './decision.ts';
import { someImageToJudge } from './fast.ts';
import { celList, celPattern } from './literal.ts';
import { entriesOf, entryOf, mostImages, places, type Place } from './places.ts';
import { created, hasSecret, lacksSecrets } from './pull-secrets.ts';
import { notMirrorPod, podRules } from './matched.ts';
import type { Variable } from './variable.ts';

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
      {
        name: 'something-to-do',
        expression: `(${created} || object.spec != oldObject.spec) && (${somethingToDo(policy)})`,
      },
    ],
    variables: [
      { name: 'images', expression: places.map(imagesOf).join(' + ') },
      { name: 'written', expression: `size(variables.images) > ${mostImages} ? [] : variables.images.distinct()` },
      { name: 'before', expression: `${created} ? [] : ${entriesOf('oldObject.spec')}` },
      ...decisionVariables(policy),
      ...annotationVariables,
      ...secretVariables(policy),
    ],
    mutations: [
      {
        patchType: 'JSONPatch',
        jsonPatch: { expression: [...places.map(replaced), annotated, ...secretsAppended(policy)].join(' +\n') },
      },
    ],
  };
}

function somethingToDo(policy: CompiledPolicy): string {
  const images = someImageToJudge(policy, 'object.spec');
  if (policy.pullSecrets.length === 0) return images;
  return `${images} || (${lacksSecrets(policy.pullSecrets)})`;
}

/** Of the members of a list that the pod may lack; `take` is a comprehension over it. */
const ofList = (list: string, take: string): string => `(has(object.spec.${list}) ? object.spec.${list}.${take} : [])`;

const imagesOf = ({ list, present, field }: Place): string => ofList(list, `map(x, ${present}, x.${field})`);

/** Whether the image of the member `x` is to be replaced: on an update only one that the old pod does not have there. */
const wanted = (place: Place): string =>
  `${place.present} && x.${place.field} in variables.results && (${created} || !((${entryOf(place)}) in variables.before))`;

function replaced(place: Place): string {
  const { list, field } = place;
  const path = `'/spec/${list}/' + string(i) + '/${field.replaceAll('.', '/')}'`;
  const patch = `JSONPatch{op: 'replace', path: ${path}, value: variables.results[x.${field}]}`;
  return ofList(list, `transformList(i, x, ${wanted(place)}, ${patch})`);
}

/** What is noted of each: `containers/app":"nginx:1.27`, so that quotes around all of them joined make JSON. */
const noteOf = (place: Place): string =>
  ofList(place.list, `map(x, ${wanted(place)}, '${place.list}/' + x.?name.orValue('') + '":"' + x.${place.field})`);
const owner = (note: string): string => `${note}.split('":"')[0]`;

const annotationVariables: readonly Variable[] = [
  { name: 'notes', expression: places.map(noteOf).join(' + ') },
  { name: 'noted', expression: `object.metadata.?annotations[?'${originalImages}'].orValue('')` },
  {
    name: 'kept',
    expression: `variables.noted.matches(${celPattern(plainObject)}) ? variables.noted.substring(2, size(variables.noted) - 2).split('","') : []`,
  },
  {
    name: 'allNotes',
    expression: `size(variables.kept) == 0 ? variables.notes : variables.kept.map(k, (variables.notes.filter(n, ${owner('n')} == ${owner('k')}) + [k])[0]) + variables.notes.filter(n, !variables.kept.exists(k, ${owner('n')} == ${owner('k')}))`,
  },
  { name: 'note', expression: `'{"' + variables.allNotes.join('","') + '"}'` },
];

/** The API server takes nothing but the containers from the subresource. */
const annotated = `(has(request.subResource) || size(variables.notes) == 0 ? [] : has(object.metadata.annotations) ? [JSONPatch{op: 'add', path: '/metadata/annotations/${originalImages.replaceAll('/', '~1')}', value: variables.note}] : [JSONPatch{op: 'add', path: '/metadata/annotations', value: {'${originalImages}': variables.note}}])`;

function secretVariables({ pullSecrets }: CompiledPolicy): Variable[] {
  if (pullSecrets.length === 0) return [];
  const fromMirror =
    "(size(variables.results) > 0 || variables.found.exists(w, variables.found[w] != '' && variables.rules[variables.found[w]] == ''))";
  return [
    {
      name: 'lackingSecrets',
      expression: `${created} && ${fromMirror} ? ${celList(pullSecrets)}.filter(n, !(${hasSecret('n')})) : []`,
    },
  ];
}

function secretsAppended({ pullSecrets }: CompiledPolicy): string[] {
  if (pullSecrets.length === 0) return [];
  return [
    "(size(variables.lackingSecrets) == 0 ? [] : has(object.spec.imagePullSecrets) ? variables.lackingSecrets.map(n, JSONPatch{op: 'add', path: '/spec/imagePullSecrets/-', value: {'name': n}}) : [JSONPatch{op: 'add', path: '/spec/imagePullSecrets', value: variables.lackingSecrets.map(n, {'name': n})}])",
  ];
}
