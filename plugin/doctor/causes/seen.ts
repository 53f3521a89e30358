import type { Facts } from '../finding.ts';
import { word } from './cause.ts';

/** A probe from this machine saw it, and no node said so. */
export function seenHere(facts: Facts): boolean {
  return facts['seen'] === 'here';
}

/** Who saw it. */
export function viewer(facts: Facts): string {
  return seenHere(facts) ? 'this machine' : 'the node';
}

/** The last step of a remedy for what a probe saw of a registry as a whole. */
export function lookAgain(facts: Facts): readonly string[] {
  return ['Then look again from here:', `$ kubectl airgap doctor mirror --registry ${word(facts, 'registry')}`];
}

/** How to have a host looked at that the registry sends its clients to and that nobody named. */
export function nameToo(facts: Facts): readonly string[] {
  return [
    'Name it too, to have it looked at from here:',
    `$ kubectl airgap doctor mirror --registry ${word(facts, 'registry')} --registry ${word(facts, 'host')}`,
  ];
}
