import { createSign, randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { createAuthority, type Issued } from '../certificates.ts';

/** The service that a registry with token authentication sends its clients to. */
export interface TokenService {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** The PEM that a registry checks tokens against. */
  readonly rootCertificate: string;
  /** A token for anything, such as `pull,push` of a repository. */
  issue(repository: string, actions: readonly string[]): string;
  close(): Promise<void>;
}

/** The one account of every registry of the tests that wants one. */
export const account = { user: 'puller', password: 'correct-horse' } as const;

const signer = createAuthority('token signer');

/**
 * Serves `GET /token?service=…&scope=repository:NAME:pull` over TLS, as the distribution token specification has it.
 * Who sends no credentials gets a token that allows nothing; wrong credentials get 401.
 */
export async function startTokenService(
  host: string,
  address: string,
  port: number,
  serving: Issued,
): Promise<TokenService> {
  const service = 'registry.example.com';
  const issuer = 'auth.example.com';
  const issue = (repository: string, actions: readonly string[]): string =>
    signToken(issuer, service, repository, actions);
  const server: Server = createServer({ cert: serving.certificate, key: serving.key }, (request, response) => {
    if (request.method !== 'GET') {
      // Clients try OAuth 2 first and then come back with GET.
      response.writeHead(405).end();
      return;
    }
    const url = new URL(request.url ?? '/', `https://${host}`);
    const given = request.headers.authorization ?? '';
    const expected = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;
    if (given !== '' && given !== expected) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'incorrect username or password' }] }));
      return;
    }
    const [, repository = '', actions = ''] = (url.searchParams.get('scope') ?? '').split(':');
    const token = issue(repository, given === '' ? [] : actions.split(','));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ token, access_token: token, expires_in: 300 }));
  });
  server.listen(port, address);
  await once(server, 'listening');
  server.unref();
  return {
    realm: `https://${host}${port === 443 ? '' : `:${port}`}/token`,
    service,
    issuer,
    rootCertificate: signer.certificate,
    issue,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function signToken(issuer: string, service: string, repository: string, actions: readonly string[]): string {
  const now = Math.floor(Date.now() / 1000);
  const leaf = new X509Certificate(signer.certificate).raw.toString('base64');
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: issuer,
    aud: service,
    sub: account.user,
    iat: now,
    nbf: now - 60,
    exp: now + 300,
    jti: randomUUID(),
    access: actions.length === 0 ? [] : [{ type: 'repository', name: repository, actions }],
  };
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', x5c: [leaf] })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(signer.key, 'base64url')}`;
}
