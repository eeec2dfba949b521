// Two ends of a real TCP connection, time that tests move by hand, and a peer that speaks raw octets.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type ClientOptions, type ClientSession, connectSession } from '../client-session.ts';
import { pduOctets } from '../encode.ts';
import { PduFault } from '../pdu-fault.ts';
import type { Pdu } from '../pdu-types.ts';
import type { ServerOptions } from '../server-options.ts';
import { type ServerSession, serveSession } from '../server-session.ts';
import type { BindMode } from '../session-state.ts';
import type { SessionTimers } from '../session-types.ts';
import { StreamDecoder } from '../stream-decoder.ts';

export interface SocketPair {
  readonly client: Socket;
  readonly server: Socket;
}

/** A connected pair on the loopback interface; the listener is gone when this resolves. */
export async function socketPair(): Promise<SocketPair> {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  const accepted = once(listener, 'connection') as Promise<[Socket]>;
  const client = connect(port, '127.0.0.1');
  const [[server]] = await Promise.all([accepted, once(client, 'connect')]);
  listener.close();
  return { client, server };
}

/** Timers that run only when the test says so. */
export class ManualTimers implements SessionTimers {
  #nowMs = 1_000;
  readonly #runs = new Set<() => void>();

  now(): number {
    return this.#nowMs;
  }

  every(_periodMs: number, run: () => void): () => void {
    this.#runs.add(run);
    return () => this.#runs.delete(run);
  }

  /** Moves time and lets every timer look at it. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const run of [...this.#runs]) run();
  }

  get running(): number {
    return this.#runs.size;
  }
}

export interface Sessions {
  readonly client: ClientSession;
  readonly server: ServerSession;
  readonly timers: ManualTimers;
  readonly sockets: SocketPair;
}

const accept: ServerOptions = {
  systemId: 'SMSC',
  onBind: () => 0,
  onSubmit: (_pdu, answer) => answer(0, 'id'),
};

/** Both sides over one connection, sharing one hand-moved clock. */
export async function openSessions(
  client: ClientOptions = {},
  server: Partial<ServerOptions> = {},
): Promise<Sessions> {
  const timers = new ManualTimers();
  const sockets = await socketPair();
  return {
    client: connectSession(sockets.client, { timers, ...client }),
    server: serveSession(sockets.server, { ...accept, timers, ...server }),
    timers,
    sockets,
  };
}

/** The same, bound. */
export async function boundSessions(
  client: ClientOptions = {},
  server: Partial<ServerOptions> = {},
  mode: BindMode = 'transceiver',
): Promise<Sessions> {
  const sessions = await openSessions(client, server);
  const result = await sessions.client.bind({ mode, systemId: 'esme', password: 'secret' });
  if (result.kind !== 'bound') throw new Error(`the bind ended as ${result.kind}`);
  return sessions;
}

/** A peer below the session: sends what it is told, records what it hears. */
export class RawPeer {
  readonly socket: Socket;
  readonly heard: (Pdu | PduFault)[] = [];
  ended = false;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    const decoder = new StreamDecoder(
      (pdu) => {
        this.heard.push(pdu);
        for (const wake of this.#waiting.splice(0)) wake();
      },
      () => this.socket.destroy(),
    );
    socket.on('data', (chunk: Buffer) => decoder.push(chunk));
    socket.on('error', () => this.#end());
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
  }

  #end(): void {
    this.ended = true;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  send(...pdus: Pdu[]): void {
    this.socket.write(Buffer.concat(pdus.map(pduOctets)));
  }

  sendHex(hex: string): void {
    this.socket.write(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
  }

  /** Resolves with the PDU number `index` (from 0) that the peer hears. */
  async hear(index: number): Promise<Pdu> {
    while (this.heard.length <= index) {
      if (this.ended) throw new Error(`the stream ended after ${this.heard.length} PDUs`);
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
    const pdu = this.heard[index]!;
    if (pdu instanceof PduFault) throw new Error(pdu.reason);
    return pdu;
  }

  /** Resolves when the other side has sent FIN, or the connection is gone. */
  async end(): Promise<void> {
    while (!this.ended) await new Promise<void>((wake) => this.#waiting.push(wake));
  }
}

/** One settled request. */
export function settled<T>(start: (settle: (outcome: T) => void) => number): Promise<T> {
  return new Promise((resolve, reject) => {
    if (start(resolve) === 0) reject(new Error('the request was not taken'));
  });
}

/** Resolves when `condition` holds, looking after every turn of the event loop, for at most ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > giveUpMs) throw new Error('the condition never held');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
