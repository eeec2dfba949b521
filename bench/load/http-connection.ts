// One keep-alive HTTP/1.1 connection that does as little as possible: requests come as ready octets, of answers only
// the status and the length of the body are read. A load generator must not be what is measured.
import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  /** The whole answer; the body begins at `bodyStart`. Valid within the call. */
  readonly octets: Buffer;
  readonly bodyStart: number;
}

export interface ConnectionHandlers {
  readonly onAnswer: (answer: HttpAnswer) => void;
  /** The connection ended; `pending` when a request was unanswered. */
  readonly onEnd: (pending: boolean) => void;
}

const HEAD_END = '\r\n\r\n';
/** Offset of the status code in "HTTP/1.1 202". */
const STATUS_AT = 9;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export class HttpConnection {
  readonly #socket: Socket;
  readonly #handlers: ConnectionHandlers;
  #chunks: Buffer[] = [];
  #received = 0;
  /** Length of head and body together; 0 until the head is complete. */
  #expected = 0;
  #bodyStart = 0;
  #pending = false;

  constructor(port: number, host: string, handlers: ConnectionHandlers) {
    this.#handlers = handlers;
    this.#socket = connect({ port, host, noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => handlers.onEnd(this.#pending));
  }

  get pending(): boolean {
    return this.#pending;
  }

  /** Sends one request. The one before must have been answered. */
  send(request: string): void {
    this.#pending = true;
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (!this.#pending) {
      // Servers say 408 to a connection that sends nothing for long, and close it: an answer to nothing.
      this.#socket.destroy();
      return;
    }
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#expected === 0 && !this.#readHead()) return;
    if (this.#received < this.#expected) return;
    const octets = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const bodyStart = this.#bodyStart;
    this.#chunks = [];
    this.#received = 0;
    this.#expected = 0;
    this.#pending = false;
    this.#handlers.onAnswer({ status: statusOf(octets), octets, bodyStart });
  }

  #readHead(): boolean {
    const octets = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = [octets];
    const end = octets.indexOf(HEAD_END, 0, 'latin1');
    if (end < 0) return false;
    const length = CONTENT_LENGTH.exec(octets.toString('latin1', 0, end));
    if (length === null) throw new Error('the server answered without Content-Length');
    this.#bodyStart = end + HEAD_END.length;
    this.#expected = this.#bodyStart + Number(length[1]);
    return true;
  }
}

const digit = (octets: Buffer, at: number): number => octets[at]! - 0x30;

function statusOf(octets: Buffer): number {
  return digit(octets, STATUS_AT) * 100 + digit(octets, STATUS_AT + 1) * 10 + digit(octets, STATUS_AT + 2);
}
