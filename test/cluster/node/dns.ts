import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What a name resolves to: an address, or one of the ways in which resolving fails. */
export type Answer = { readonly address: string } | 'no-such-name' | 'server-failure' | 'silence';

/** A name server on `address`:53 that asks nobody else; names that it was not told of do not exist. */
export interface NameServer {
  /** `*.` at the start stands for any one label. */
  set(name: string, answer: Answer): void;
  /** Every name that was ever asked for. */
  readonly asked: ReadonlySet<string>;
  close(): void;
}

const responseCodes = { 'no-such-name': 3, 'server-failure': 2 } as const;

/** Starts the name server; DNS as of RFC 1035, one question a packet, A records only. */
export async function startNameServer(address: string): Promise<NameServer> {
  const answers = new Map<string, Answer>();
  const asked = new Set<string>();
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const name = questionName(query);
    asked.add(name);
    const answer = answers.get(name) ?? answers.get(name.replace(/^[^.]+/v, '*')) ?? 'no-such-name';
    if (answer !== 'silence') socket.send(reply(query, answer), peer.port, peer.address);
  });
  socket.bind(53, address);
  await once(socket, 'listening');
  socket.unref();
  return { set: (name, answer) => answers.set(name.toLowerCase(), answer), asked, close: () => close(socket) };
}

function close(socket: Socket): void {
  socket.close();
}

/** Twelve bytes of header, then labels that each start with their length. */
function questionName(query: Buffer): string {
  const labels: string[] = [];
  let at = 12;
  while (at < query.length && query[at] !== 0) {
    const length = query[at] ?? 0;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return labels.join('.').toLowerCase();
}

function reply(query: Buffer, answer: Exclude<Answer, 'silence'>): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const question = query.subarray(12, end);
  const isAddressQuestion = query.readUInt16BE(end - 4) === 1;
  const code = typeof answer === 'string' ? responseCodes[answer] : 0;
  const records = typeof answer === 'object' && isAddressQuestion ? [addressRecord(answer.address)] : [];
  const header = Buffer.alloc(12);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  // A response, authoritative, recursion desired and available.
  header.writeUInt16BE(0x8580 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  // A pointer to the question's name, type A, class IN, no caching, four bytes.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(1, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(0, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split('.').map(Number), 12);
  return record;
}
