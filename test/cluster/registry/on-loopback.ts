import { createAuthority, type Authority } from '../certificates.ts';
import { freePorts } from '../ports.ts';
import { releaseSlot, takeSlot } from '../state.ts';
import { startDistribution, type Registry, type RegistryRequest } from './distribution.ts';
import { startTokenService, type TokenService } from './token-service.ts';

/** One registry of each kind on loopback, without a cluster. */
export interface LoopbackRegistries extends AsyncDisposable {
  readonly authority: Authority;
  readonly tokenService: TokenService;
  readonly plain: Registry;
  readonly tls: Registry;
  readonly basic: Registry;
  readonly token: Registry;
}

const address = '127.0.0.1';

/** Starts them side by side; about a second. The token service listens on the registries' own address. */
export async function startLoopbackRegistries(engine: 'debian' | 'v3'): Promise<LoopbackRegistries> {
  const slot = takeSlot();
  const authority = createAuthority(`loopback registries ${engine}`);
  const ports = await freePorts(5);
  const port = (at: number): number => ports[at] ?? 0;
  const serving = authority.issue({ commonName: address, names: [address] });
  const tokenService = await startTokenService(address, address, port(4), serving);
  const start = (at: number, kind: Omit<RegistryRequest, 'address' | 'port'>): Promise<Registry> =>
    startDistribution(slot, { address, port: port(at), engine, ...kind });
  const [plain, tls, basic, token] = await Promise.all([
    start(0, { name: 'plain' }),
    start(1, { name: 'tls', authority }),
    start(2, { name: 'basic', authority, authentication: 'basic' }),
    start(3, { name: 'token', authority, authentication: tokenService }),
  ]);
  return {
    authority,
    tokenService,
    plain,
    tls,
    basic,
    token,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([plain, tls, basic, token].map((registry) => registry.stop()));
      await tokenService.close();
      releaseSlot(slot);
    },
  };
}
