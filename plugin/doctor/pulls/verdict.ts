import type { CauseId } from '../causes/ids.ts';
import type { Confidence } from '../finding.ts';
import type { Role } from './where.ts';

/** What one message says of one cause. */
export interface Verdict {
  readonly cause: CauseId;
  readonly confidence: Confidence;
  readonly role: Role;
  readonly host?: string;
  /** The reference that was to be pulled, where it is known or printed. */
  readonly image?: string;
  /** The arguments of the cause's text; see `Facts`. */
  readonly facts: Readonly<Record<string, string>>;
  /** Where two causes fit one text: what would tell them apart. */
  readonly decide?: string;
}

/** What is known of the pod and the node beside the message. */
export interface Circumstances {
  /** The kubelet has said by its reason that this is about an image, so that nothing in the text can deny it. */
  readonly pull?: boolean;
  /** The pod names pull secrets; undefined where that is not known. */
  readonly brings?: boolean;
  /** The reference in the pod's spec. */
  readonly image?: string;
  /** `containerd://2.4.2` */
  readonly runtime?: string;
  /** `v1.37.2` */
  readonly kubelet?: string;
}
