import type { Outcome } from './outcome.ts';
import type { Vector } from './vectors.ts';

type Field = 'verdict' | 'images' | 'originals' | 'secrets' | 'message' | 'warnings';

/** Something in which the CEL form is not the webhook. docs/cel.md has each sentence, word for word. */
export interface Difference {
  readonly sentence: string;
  /** What differs. */
  readonly fields: readonly Field[];
  readonly explains: (vector: Vector, webhook: Outcome, cel: Outcome) => boolean;
}

/** All of them. */
export const differences: readonly Difference[] = [
  {
    sentence:
      'A pod with more than 500 images is not rewritten and gets no pull secrets; any object with as many is turned away in Enforce, unless all are right at first sight.',
    fields: ['verdict', 'images', 'originals', 'secrets', 'message'],
    explains: ({ position }, _, cel) =>
      position === '501 containers' && (cel.verdict === 'accepted' || cel.message.includes('more than 500 images')),
  },
  {
    sentence:
      'What is wrong with an image that is no reference is said in general words; `kubectl airgap explain image` says it exactly.',
    fields: ['message', 'warnings'],
    explains: (_, webhook, cel) =>
      general.some((words) => told(cel).includes(words)) && !told(webhook).includes('no mirror covers it'),
  },
  {
    sentence: 'That a rule would make a path longer than 255 characters is said without the path.',
    fields: ['message', 'warnings'],
    explains: (_, webhook, cel) =>
      told(cel).includes('makes its path longer than 255') && told(webhook).includes('the rule for'),
  },
  {
    sentence: 'In the mode Rewrite the user is not warned of what was rewritten; the annotation of the pod says it.',
    fields: ['warnings'],
    explains: ({ set }, webhook, cel) =>
      set.mode === 'Rewrite' &&
      same(
        webhook.warnings.filter((warning) => !warning.includes('was rewritten to')),
        cel.warnings,
      ),
  },
  {
    sentence: 'Where an exemption lets an image in, nobody is told.',
    fields: ['warnings'],
    explains: ({ exempt }, webhook, cel) =>
      exempt && cel.warnings.length === 0 && webhook.warnings.every((warning) => warning.includes('is exempt')),
  },
  {
    sentence:
      'An annotation `airgap.dev/original-images` that somebody wrote by hand, with white space or escapes in it, is replaced and not added to.',
    fields: ['originals'],
    explains: ({ position }) => position === 'pod with a note by hand',
  },
];

const general = [
  'there is white space in it',
  'it holds a placeholder',
  'an image has no scheme',
  'a bare image id names no repository',
  'a repository is lower-case',
  'it is no image reference',
];

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function told({ message, warnings }: Outcome): string {
  return [message, ...warnings].join();
}

/** In what two outcomes differ. */
export function differing(one: Outcome, other: Outcome): Field[] {
  const all: readonly (readonly [Field, boolean])[] = [
    ['verdict', one.verdict !== other.verdict],
    ['images', !same(one.images, other.images)],
    ['originals', one.originals !== other.originals],
    ['secrets', !same(one.secrets, other.secrets)],
    ['message', one.verdict === 'rejected' && one.message !== other.message],
    ['warnings', !same(one.warnings.toSorted(), other.warnings.toSorted())],
  ];
  return all.filter(([, differs]) => differs).map(([field]) => field);
}
