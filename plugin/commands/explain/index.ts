import type { Command } from '../command.ts';
import { explainImage } from './image.ts';
import { explainPod } from './pod.ts';

/** What `explain` says about things that are no id: one line a kind of thing. */
export const subjects: readonly Command[] = [explainImage, explainPod];
