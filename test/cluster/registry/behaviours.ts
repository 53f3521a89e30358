import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Behaviour } from './faulty.ts';

/** Answers everything with this status, headers and JSON error of the distribution specification. */
export function refuse(status: number, code: string, message: string, headers: Record<string, string> = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ errors: [{ code, message }] }));
  };
}

/** Closes every connection instead of answering. */
export const hangUp: Behaviour = (request) => void request.socket.destroy();

/** Wants a token, from a service that need not exist. */
export function sendToTokenService(realm: string): Behaviour {
  return (request, response, answer) => {
    if (request.headers.authorization !== undefined) return answer();
    const challenge = `Bearer realm="${realm}",service="${request.headers.host}"`;
    return refuse(401, 'UNAUTHORIZED', 'authentication required', { 'www-authenticate': challenge })(
      request,
      response,
      answer,
    );
  };
}

/** What a captive portal or a proxy's error page looks like to a client that wants a manifest. */
export const html: Behaviour = (request, response) => {
  const page =
    '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>';
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': page.length });
  response.end(request.method === 'HEAD' ? undefined : page);
};

/** Sends blobs to another host, as registries with an object store do. */
export function redirectBlobs(target: string): Behaviour {
  return onBlobs((request, response) => response.writeHead(307, { location: `${target}${request.url}` }).end());
}

/** Redirects every request to itself. */
export const redirectInCircles: Behaviour = (request, response) => {
  response.writeHead(307, { location: `https://${request.headers.host}${request.url}` }).end();
};

/** Sends half of what it promised of a layer, and hangs up. */
export const truncateLayers: Behaviour = insteadOfLayer((bytes, response) => {
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
});

/** Sends half of a layer and then nothing more, without hanging up. */
export const stallLayers: Behaviour = insteadOfLayer((bytes, response) =>
  response.write(bytes.subarray(0, bytes.length / 2)),
);

/** Sends a layer of the right length and the wrong content. */
export const garbleLayers: Behaviour = insteadOfLayer((bytes, response) => response.end(Buffer.alloc(bytes.length, 7)));

/** Headers without end, until the client gives up. */
export const endlessHeaders: Behaviour = (request) => {
  const { socket } = request;
  socket.write('HTTP/1.1 200 OK\r\n');
  const line = `x-padding: ${'x'.repeat(16_000)}\r\n`;
  const more = (): void => {
    while (!socket.destroyed && socket.write(line));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
};

/** A manifest of a kind that no runtime knows. */
export const oddManifest: Behaviour = (request, response) => {
  const body = '{"schemaVersion":2}';
  response.writeHead(200, { 'content-type': 'application/vnd.example.bundle.v1+json', 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
};

/** A manifest of the first schema, signed as Docker did until 2017. */
export const schemaOne: Behaviour = (request, response) => {
  const body = JSON.stringify({
    schemaVersion: 1,
    name: 'shop/app',
    tag: '1',
    architecture: 'amd64',
    fsLayers: [{ blobSum: `sha256:${'a'.repeat(64)}` }],
    history: [{ v1Compatibility: '{"id":"a"}' }],
    signatures: [{ header: { alg: 'ES256' }, signature: 'x', protected: 'x' }],
  });
  const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
  response.writeHead(200, { 'content-type': type, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
};

function onBlobs(instead: (request: IncomingMessage, response: ServerResponse) => void): Behaviour {
  return (request, response, answer) => {
    if (request.url?.includes('/blobs/') === true) instead(request, response);
    else answer();
  };
}

/** Layers are told from configurations by what clients say they accept; headers stay those of the real layer. */
function insteadOfLayer(send: (bytes: Buffer, response: ServerResponse) => void): Behaviour {
  return (request, response, answer) => {
    const isLayer = request.url?.includes('/blobs/') === true && (request.headers.accept ?? '').includes('layer');
    const end = response.end.bind(response);
    if (isLayer) {
      response.end = ((chunk?: unknown) => {
        response.end = end;
        if (Buffer.isBuffer(chunk)) send(chunk, response);
        else end();
        return response;
      }) as typeof response.end;
    }
    answer();
  };
}
