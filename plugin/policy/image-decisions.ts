import { AirgapError } from '../../shared/errors.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { decide, type Decision } from '../../shared/policy/decide.ts';
import { namespaceNamed, policyFor } from '../../shared/policy/namespace.ts';

/** What the policy does to an image; the JSON output as it is. */
export interface ImageDecision extends Decision {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'ImageDecision';
}

/** Decides images by the policy of a namespace; where none is named, by the only policy or the one that covers all. */
export function decideImages(
  policies: readonly CompiledPolicy[],
  namespace: string | undefined,
  images: readonly string[],
): ImageDecision[] {
  const [only] = policies;
  const policy =
    namespace === undefined && policies.length === 1 && only !== undefined
      ? only
      : policyFor(policies, namespaceNamed(namespace ?? 'default'));
  if (policy === null)
    throw new AirgapError(
      'input',
      `No policy selects the namespace ${namespace ?? 'default'}: images there are left as they are.`,
      'Name another namespace with -n.',
    );
  return images.map((image) => ({
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'ImageDecision',
    ...decide(policy, image),
  }));
}
