import { doesTo, type PodPlace } from './places.ts';

/** Whether a pod went past a webhook that should have rewritten it: nothing else explains it. */
export function slipped({ why, image }: PodPlace): boolean {
  return why?.why === 'missed' && why.enforcer.called !== null && doesTo(image) === 'rewrite';
}
