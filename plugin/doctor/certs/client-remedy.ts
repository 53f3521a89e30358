import { verifyChain } from '../../../shared/cert/chain.ts';
import type { Renewal } from '../causes/renewals.ts';
import type { Facts } from '../finding.ts';
import type { ClientFault } from './client-fault.ts';
import { secretHolder } from './holder.ts';
import type { Serving } from './serving.ts';

/** What the API server's side of a call is written in, for `kubectl patch`. */
export interface ClientPlace {
  readonly resource: string;
  readonly object: string;
  readonly patchPath: string;
  readonly injectedFrom?: string;
}

/** Who is to change what, so that the two sides of a call fit again: the fact `renew` and what its steps name. */
export function clientRemedy(
  fault: Pick<ClientFault, 'fault' | 'side'>,
  place: ClientPlace,
  serving: Serving | undefined,
  now: Date,
): Facts {
  const { injectedFrom, ...where } = place;
  const keeper = serving === undefined ? undefined : secretHolder(serving.secret, serving.key);
  const said = (renew: Renewal, facts: Facts = {}): Facts => ({ ...where, renew, ...facts });
  if (keeper?.renew === 'zarf-agent') return said('zarf-agent');
  if (fault.side === 'server')
    return keeper === undefined ? said('server-by-hand') : said(keeper.renew, keeper.details);
  if (injectedFrom !== undefined) return said('ca-injector', { injectedFrom });
  const key = serving === undefined ? undefined : keyOfRightCa(serving, now);
  if (serving === undefined || key === undefined) {
    // An expired CA with an expired leaf under it: no publishing helps before both are made anew.
    return keeper === undefined || fault.fault !== 'expired'
      ? said('ca-bundle-by-hand')
      : said(keeper.renew, keeper.details);
  }
  const { namespace, name } = serving.secret.meta;
  return said('ca-bundle', { secretNamespace: namespace, secret: name, secretKey: key });
}

/** The key of the serving Secret whose certificates vouch for its leaf now: usually `ca.crt`. */
function keyOfRightCa({ leaf, intermediates, secret }: Serving, now: Date): string | undefined {
  return secret.bundles
    .toSorted((a, b) => Number(b.key === 'ca.crt') - Number(a.key === 'ca.crt'))
    .find(({ key, bundle }) => {
      const roots = key === 'tls.crt' ? bundle.certificates.filter((one) => one.selfIssued) : bundle.certificates;
      return verifyChain(leaf, intermediates, roots, now).trusted;
    })?.key;
}
