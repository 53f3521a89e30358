import { createAuthority, type Authority } from '../certificates.ts';
import { addHostAddress, type Namespaces } from '../node/namespaces.ts';
import type { NameServer } from '../node/dns.ts';
import { startDistribution, type Registry } from './distribution.ts';
import { startTokenService, type TokenService } from './token-service.ts';

/** What a cluster with a node can have beside the TLS registry that its own images come from. */
export type RegistryKind = 'plain' | 'basic' | 'token';

/** The registries of a cluster, each at an address and under a name of its own. */
export interface ClusterRegistries {
  readonly authority: Authority;
  /** `registry.example.com`: TLS by `authority`, anonymous. */
  readonly main: Registry;
  /** `plain.example.com:5000` over HTTP, `basic.example.com` and `token.example.com` over TLS. */
  readonly others: Readonly<Partial<Record<RegistryKind, Registry>>>;
  readonly tokenService: TokenService | null;
  stop(): Promise<void>;
}

/** The last part of each one's address in the cluster's block; 1 is the name server's, 2 the node's. */
const lastParts = { main: 3, plain: 4, basic: 5, token: 6, auth: 7 } as const;

/** Starts the registries and gives their names to the cluster's name server. */
export async function startRegistries(
  place: Namespaces,
  names: NameServer,
  kinds: readonly RegistryKind[],
): Promise<ClusterRegistries> {
  const authority = createAuthority('registry.example.com CA');
  const addressOf = (who: keyof typeof lastParts, hostName: string): string => {
    const address = place.address28(lastParts[who]);
    addHostAddress(place.slot, address);
    names.set(hostName, { address });
    return address;
  };
  let tokenService: TokenService | null = null;
  const start = async (kind: 'main' | RegistryKind): Promise<Registry> => {
    const hostName = kind === 'main' ? 'registry.example.com' : `${kind}.example.com`;
    const address = addressOf(kind, hostName);
    const port = kind === 'plain' ? 5000 : 443;
    const base = { name: `registry-${kind}`, address, port, hostName };
    if (kind === 'plain') return startDistribution(place.slot, base);
    if (kind === 'basic') return startDistribution(place.slot, { ...base, authority, authentication: 'basic' });
    if (kind === 'main') return startDistribution(place.slot, { ...base, authority });
    const realm = 'auth.example.com';
    const realmAddress = addressOf('auth', realm);
    const serving = authority.issue({ commonName: realm, names: [realm, realmAddress] });
    tokenService = await startTokenService(realm, realmAddress, 443, serving);
    return startDistribution(place.slot, { ...base, authority, authentication: tokenService });
  };
  const main = await start('main');
  const others: Partial<Record<RegistryKind, Registry>> = {};
  for (const kind of kinds) others[kind] = await start(kind);
  return {
    authority,
    main,
    others,
    tokenService,
    stop: async () => {
      for (const registry of [main, ...Object.values(others)]) await registry.stop();
      await tokenService?.close();
    },
  };
}
