import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';

/** A proxy that passes everything on and remembers where to: `HOST:PORT`. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly targets: readonly string[];
}

export async function connectProxy(): Promise<Proxy> {
  const targets: string[] = [];
  const server = http.createServer();
  server.on('connect', (request, client: Socket) => {
    targets.push(request.url ?? '');
    const { hostname, port } = new URL(`http://${request.url}`);
    join(client, hostname, Number(port), 'HTTP/1.1 200 OK\r\n\r\n');
  });
  return listen(server, 'http', targets);
}

/** SOCKS 5 without authentication, as RFC 1928 has it. */
export async function socksProxy(): Promise<Proxy> {
  const targets: string[] = [];
  const server = net.createServer((client) => {
    client.once('data', () => {
      client.write(Buffer.of(5, 0));
      client.once('data', (request: Buffer) => {
        const kind = request[3];
        const length = kind === 1 ? 4 : (request[4] ?? 0) + 1;
        const host = kind === 1 ? [...request.subarray(4, 8)].join('.') : request.toString('latin1', 5, 4 + length);
        const port = request.readUInt16BE(4 + length);
        targets.push(`${host}:${port}`);
        join(client, host, port, Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
      });
    });
  });
  return listen(server, 'socks5', targets);
}

function join(client: Socket, host: string, port: number, ready: string | Uint8Array): void {
  const upstream = net.connect(port, host, () => {
    client.write(ready);
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
}

async function listen(server: net.Server, scheme: string, targets: readonly string[]): Promise<Proxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
