import type { CompiledPolicy } from '../compile.ts';
import { bareId } from './decision.ts';
import { celPattern, celText } from './literal.ts';
import { imageOf, ownerOf, places } from './places.ts';

/** As many images as the webhook's message names. */
const listed = 5;

/**
 * The text for the user: each image in its place, why, and what would help, in the webhook's words. Empty where nothing is
 * wrong.
 */
export function rejectionMessage(policy: CompiledPolicy): string {
  const said = policy.mode === 'Enforce' ? `': ' + (${why(policy)})` : `' ' + (${whatComes(policy)})`;
  const sentence = `${place(ownerOf('e'))} + ': ' + [${imageOf('e')}].map(w, ${shown('w')} + ${said})[0]`;
  const many = `size(variables.wrong) > ${listed}`;
  const first = `(${many} ? variables.wrong.slice(0, ${listed}) : variables.wrong).map(e, ${sentence}).join('; ')`;
  const more = `(${many} ? '; and ' + string(size(variables.wrong) - ${listed}) + ' more' : '')`;
  const subject = celText(`airgap policy ${policy.name}`);
  const verb = policy.mode === 'Enforce' ? `' rejects this ' + request.kind.kind + ': '` : "': '";
  return `size(variables.wrong) == 0 ? '' : ${subject} + ${verb} + ${first} + ${more}`;
}

function place(owner: string): string {
  const names = places.map(({ list, named }) => `'${list}': '${named} '`).join(', ');
  return `{${names}}[${owner}.split('/')[0]] + ${owner}.substring(${owner}.indexOf('/') + 1)`;
}

/** An image or name for a message: cut where it is long, quoted where it holds what a terminal would not bear. */
function shown(text: string): string {
  return `(${text}.matches(${celPattern('^[!-~]{1,200}$')}) ? ${text} : strings.quote(size(${text}) > 120 ? ${text}.substring(0, 120) + '…' : ${text}))`;
}

const skipped = 'the mutation did not see it, or something changed it afterwards';
const rewritable = 'w in variables.results';
const prefix = 'variables.found[w].substring(0, size(variables.found[w]) - 1)';

/** What will come of the image `w` in a stricter mode. */
function whatComes({ name, mode }: CompiledPolicy): string {
  const rewritten =
    mode === 'Rewrite'
      ? `'was not rewritten: ${skipped}'`
      : `'will be rewritten to ' + ${shown('variables.results[w]')} + ' once the mode is Rewrite'`;
  return `${rewritable} ? ${rewritten} : 'will be rejected once the mode is Enforce: ' + (${whyNot(name)})`;
}

/** Why the image `w` is rejected. */
function why({ name }: CompiledPolicy): string {
  const unrewritten = `'the rule for ' + ${prefix} + ' makes it ' + ${shown('variables.results[w]')} + ', but it arrived unrewritten (${skipped}): create it again, or write that name'`;
  return `${rewritable} ? ${unrewritten} : ${whyNot(name)}`;
}

/** Why the image `w` can be neither allowed nor rewritten. */
function whyNot(policy: string): string {
  const parent = "variables.repositories[w].substring(0, variables.repositories[w].lastIndexOf('/'))";
  return [
    `!(w in variables.repositories) ? (${invalid})`,
    `variables.found[w] == '' ? 'no mirror covers it and no prefix allows it: add a mirror with sourcePrefix ' + ${shown(parent)} + ${celText(` to policy ${policy}, or allow a prefix of it`)}`,
    `'the rule for ' + ${prefix} + ' makes its path longer than 255 characters'`,
  ].join(' : ');
}

/** The commonest faults of a reference; the rest is told by the command, which knows them all. */
const invalid = [
  `w.matches(${celPattern('\\s')}) ? 'there is white space in it'`,
  `w.matches(${celPattern('\\{\\{|\\$\\(|\\$\\{|<[^<>]*>')}) ? 'it holds a placeholder that was never filled in: render it first'`,
  `w.matches(${celPattern('^[a-zA-Z][a-zA-Z0-9+.-]*://')}) ? 'an image has no scheme: write it without'`,
  `w.matches(${celPattern(bareId)}) ? 'a bare image id names no repository: write it as NAME@sha256:HEX'`,
  `w.matches(${celPattern('^(?:[^/]*/)*[^:@]*[A-Z]')}) ? 'a repository is lower-case'`,
  "'it is no image reference: kubectl airgap explain image says what is wrong with it'",
].join(' : ');
