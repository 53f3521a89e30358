import { AirgapError } from '../../shared/errors.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { decide, type Decision } from '../../shared/policy/decide.ts';
import { spared } from '../../shared/policy/exempt.ts';
import { chosenFor, type Namespace } from '../../shared/policy/namespace.ts';

/** What the policy does to an image; the JSON output as it is. */
export interface ImageDecision extends Decision {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'ImageDecision';
}

export interface Decided {
  readonly decisions: readonly ImageDecision[];
  /** The policy that decided. */
  readonly policy: CompiledPolicy;
  /** False where labels of the namespace, which are not known, could make it another policy. */
  readonly certain: boolean;
}

interface Where {
  /** The namespace; undefined where none was named. */
  readonly namespace: string | undefined;
  /** The namespaces whose labels are known. */
  readonly namespaces: readonly Namespace[];
}

/** Decides images by the policy of a namespace; where none is named, by the only policy or the one of `default`. */
export function decideImages(
  policies: readonly CompiledPolicy[],
  { namespace, namespaces }: Where,
  images: readonly string[],
): Decided {
  const [only] = policies;
  const { policy, certain } =
    namespace === undefined && policies.length === 1 && only !== undefined
      ? { policy: only, certain: true }
      : chosenFor(policies, namespaces)(namespace ?? 'default');
  if (policy === null)
    throw new AirgapError(
      'input',
      `No policy selects the namespace ${namespace ?? 'default'}: images there are left as they are.`,
      'Name another namespace with -n.',
    );
  const exemption = namespace === undefined ? undefined : policy.exemptions.get(namespace);
  const decisions = images.map((image): ImageDecision => {
    const decision = decide(policy, image);
    return {
      apiVersion: 'airgap.dev/v1alpha1',
      kind: 'ImageDecision',
      ...(exemption === undefined ? decision : spared(decision, exemption)),
    };
  });
  return { decisions, policy, certain };
}
