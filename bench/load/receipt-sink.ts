// Where the peer calls back with final receipts: a tiny HTTP server that counts each message once.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** Which destinations of a run were reported, by the place of their number. */
export interface SinkCounts {
  readonly delivered: number;
  readonly failed: number;
  /** Final receipts for a message that had one. */
  readonly repeated: number;
}

const REQUEST = /GET \/dlr\?id=(\d+)&t=(\d+)[^\r]*\r\n(?:[^\r]+\r\n)*\r\n/y;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n';
const DELIVERED = '1';
/** Ten million destinations, a bit each. */
const SEEN_OCTETS = 1_250_000;

export class ReceiptSink {
  readonly #server: Server;
  readonly #first: number;
  readonly #seen = new Uint8Array(SEEN_OCTETS);
  readonly #sockets = new Set<Socket>();
  readonly #counts = { delivered: 0, failed: 0, repeated: 0 };

  /** `first` is the number of place 0. */
  constructor(first: number) {
    this.#first = first;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Listens on a free port and returns it. */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as { port: number }).port;
  }

  get counts(): SinkCounts {
    return { ...this.#counts };
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    let rest = '';
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (text: string) => {
      rest += text;
      let at = 0;
      let answers = '';
      REQUEST.lastIndex = 0;
      for (let found = REQUEST.exec(rest); found !== null; found = REQUEST.exec(rest)) {
        this.#count(Number(found[1]) - this.#first, found[2]!);
        answers += ANSWER;
        at = REQUEST.lastIndex;
      }
      rest = rest.slice(at);
      if (answers !== '') socket.write(answers, 'latin1');
    });
  }

  #count(place: number, type: string): void {
    const octet = place >> 3;
    const bit = 1 << (place & 7);
    if ((this.#seen[octet]! & bit) !== 0) {
      this.#counts.repeated++;
      return;
    }
    this.#seen[octet]! |= bit;
    if (type === DELIVERED) this.#counts.delivered++;
    else this.#counts.failed++;
  }
}
