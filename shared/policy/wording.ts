import { shown } from '../image/quote.ts';
import { escapeUnsafe } from '../unsafe-text.ts';
import type { CompiledPolicy } from './compile.ts';
import type { Phase } from './effect.ts';
import type { JudgedImage } from './judge.ts';
import type { ImagePosition } from './positions.ts';

const listed = 5;

/** What the user of the mutating or validating webhook is told of an image; null where there is nothing to tell. */
export function warningOf(policy: CompiledPolicy, image: JudgedImage, phase: Phase): string | null {
  const { action, result, reason } = image.decision;
  const tells = image.effect === 'rewrite' ? policy.mode === 'Rewrite' : image.effect === 'warn';
  if (!tells) return null;
  const said = `airgap policy ${policy.name}: ${placeOf(image.position)}: ${shown(image.decision.image)}`;
  if (image.effect === 'rewrite') return `${said} was rewritten to ${shown(result ?? '')}`;
  if (action !== 'rewrite') return `${said} will be rejected once the mode is Enforce: ${reason}`;
  if (policy.mode === 'Warn') return `${said} will be rewritten to ${shown(result ?? '')} once the mode is Rewrite`;
  return phase === 'validate' ? `${said} was not rewritten: ${skipped}` : null;
}

/** What the user is told where an exemption keeps an image as it is. */
export function exemptWarning(
  policy: CompiledPolicy,
  namespace: string,
  exemption: string,
  image: JudgedImage,
): string | null {
  if (image.effect === 'pass' || policy.mode === 'Audit') return null;
  return `airgap policy ${policy.name}: ${placeOf(image.position)} keeps ${shown(image.decision.image)}: namespace ${namespace} is exempt (${cut(exemption)})`;
}

/** Names every image that is turned away (the first few where there are many), why, and what would help. */
export function rejectionOf(policy: CompiledPolicy, kind: string, images: readonly JudgedImage[]): string | null {
  const rejected = images.filter(({ effect }) => effect === 'reject');
  if (rejected.length === 0) return null;
  const sentences = rejected.slice(0, listed).map(({ position, decision }) => {
    const why =
      decision.action === 'rewrite'
        ? unrewritten(decision.rule?.sourcePrefix ?? '', decision.result ?? '')
        : decision.reason;
    return `${placeOf(position)}: ${shown(decision.image)}: ${why}`;
  });
  const more = rejected.length > listed ? `; and ${rejected.length - listed} more` : '';
  return `airgap policy ${policy.name} rejects this ${kind}: ${sentences.join('; ')}${more}`;
}

const skipped = 'the mutating webhook did not see it, or something changed it afterwards';

function unrewritten(sourcePrefix: string, result: string): string {
  return `the rule for ${sourcePrefix} makes it ${shown(result)}, but it arrived unrewritten (${skipped}): create it again, or write ${shown(result)}`;
}

const singular: Readonly<Record<string, string>> = {
  containers: 'container',
  initContainers: 'init container',
  ephemeralContainers: 'ephemeral container',
  volumes: 'volume',
};

/** `container app`, `volume data`, or the path of a custom resource's field. */
function placeOf({ owner }: ImagePosition): string {
  const [list = '', name] = owner.split('/').slice(-2);
  const place = singular[list];
  return place === undefined || name === undefined ? cut(owner.replaceAll('/', '.')) : `${place} ${cut(name)}`;
}

/** On one line: the API server drops a warning that holds a control character, and a line break is one. */
function cut(text: string): string {
  const line = escapeUnsafe(text.replaceAll(/\s+/g, ' ').trim());
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
