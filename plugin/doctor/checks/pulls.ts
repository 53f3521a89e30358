import type { Check } from '../check.ts';
import { sandboxImage } from './pulls-sandbox.ts';
import { pullSecrets } from './pulls-secrets.ts';
import { waitingPods } from './pulls-waiting.ts';

export const pullChecks: readonly Check[] = [waitingPods, sandboxImage, pullSecrets];
