import type { Secret } from '../../../shared/kube/secret.ts';
import type { Renewal } from '../causes/renewals.ts';
import type { Facts, ObjectRef } from '../finding.ts';

/** Where a certificate stands and who renews it there. */
export interface Holder {
  /** "Secret app/web, key tls.crt". */
  readonly where: string;
  readonly renew: Renewal;
  /** What the steps of the keeper need to name. */
  readonly details: Facts;
  /** A controller renews it without being asked. */
  readonly automatic: boolean;
  readonly objects: readonly ObjectRef[];
}

type Keeper = Pick<Holder, 'renew' | 'automatic'> & { readonly details?: Facts };

/** Secrets that a known controller keeps and that carry no mark of it but their name. */
const known: Readonly<Record<string, Keeper>> = {
  'zarf/agent-hook-tls': { renew: 'zarf-agent', automatic: false },
  'kube-system/k3s-serving': { renew: 'k3s', automatic: true },
  'kube-system/rke2-serving': { renew: 'rke2', automatic: true },
  'gatekeeper-system/gatekeeper-webhook-server-cert': {
    renew: 'self-renewing',
    automatic: true,
    details: { keeper: 'Gatekeeper' },
  },
};

export function secretHolder(secret: Secret, key: string): Holder {
  const { namespace, name } = secret.meta;
  const { renew, automatic, details } = keeperOf(secret);
  return {
    where: `Secret ${namespace}/${name}, key ${key}`,
    renew,
    automatic,
    details: { secretNamespace: namespace, secret: name, secretKey: key, ...details },
    objects: [{ kind: 'Secret', namespace, name }],
  };
}

function keeperOf(secret: Secret): Keeper {
  const { namespace, name, labels } = secret.meta;
  if (secret.managedBy !== undefined)
    return { renew: 'cert-manager', automatic: true, details: { certificate: secret.managedBy } };
  if (name === 'cert-manager-webhook-ca') return { renew: 'cert-manager-webhook', automatic: true };
  if (labels['cert.kyverno.io/managed-by'] === 'kyverno')
    return { renew: 'self-renewing', automatic: true, details: { keeper: 'Kyverno' } };
  return known[`${namespace}/${name}`] ?? { renew: 'secret', automatic: false };
}

/** One holder for what stands in many places; the steps are those of the first. */
export function together(holders: readonly [Holder, ...Holder[]]): Holder {
  const [first, ...others] = holders;
  const objects = holders.flatMap((holder) => holder.objects);
  return { ...first, where: others.length === 0 ? first.where : `${first.where} and ${others.length} more`, objects };
}
