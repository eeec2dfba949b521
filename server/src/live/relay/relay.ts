// The listening end: lets other processes of the installation put parts into the home of this one, and read from it.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { type HomePort, StaleHome } from '#numbers';
import type { Log } from '#platform/log';
import { type Frame, FrameReader, writeFrame } from './frames.ts';
import { depositBody, readBody, writeTexts } from './relay-body.ts';
import { type RelayKeys, serverOptions } from './relay-keys.ts';

export interface Relay {
  /** `host:port`, as other processes reach it. */
  readonly address: string;
  /** From now on requests are served; before, they are told to come again. */
  serve(home: HomePort): void;
  /** Cuts all connections and frees the port. */
  stop(): Promise<void>;
}

export interface RelayOptions {
  readonly keys: RelayKeys;
  readonly log: Log;
  /** Where to listen, and what the others are told; 127.0.0.1 when absent. */
  readonly host?: string;
  /** Any free one when absent. */
  readonly port?: number;
}

const CONNECTIONS_MAX = 256;
const HANDSHAKE_MS_MAX = 2_000;
/** Requests of one connection that are being served at once; a peer that asks more is cut off. */
const REQUESTS_MAX = 64;
/** Octets of answers that a peer has not taken yet. */
const UNREAD_BYTES_MAX = 33_554_432;

export async function startRelay({ keys, log, host = '127.0.0.1', port = 0 }: RelayOptions): Promise<Relay> {
  const sockets = new Set<TLSSocket>();
  let home: HomePort | null = null;
  const server = createServer({ ...serverOptions(keys), handshakeTimeout: HANDSHAKE_MS_MAX }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    converse(socket, async (frame) => {
      if (home === null) throw new StaleHome();
      return answerOf(home, frame);
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('tlsClientError', (error) => log.warn('live.relay_peer_refused', { error }));
  server.listen({ host, port });
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${bound}`,
    serve(served) {
      home = served;
    },
    async stop() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Reads requests and writes each one's answer, in the order in which they are ready. */
function converse(socket: TLSSocket, serve: (frame: Frame) => Promise<unknown>): void {
  const reader = new FrameReader();
  let serving = 0;
  const reply = async (frame: Frame): Promise<void> => {
    let answer: Buffer;
    try {
      answer = writeFrame(frame.request, 'answer', await serve(frame));
    } catch (error) {
      const fault = error instanceof StaleHome ? 'stale' : 'failed';
      answer = writeFrame(frame.request, 'fault', { fault });
    }
    serving -= 1;
    if (socket.writable) socket.write(answer);
    if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const frame of reader.push(chunk)) {
        serving += 1;
        if (serving > REQUESTS_MAX) {
          socket.destroy();
          return;
        }
        void reply(frame);
      }
    } catch {
      // Not a peer of ours, or one of another kind: there is nothing to say to it.
      socket.destroy();
    }
  });
}

async function answerOf(home: HomePort, { kind, body }: Frame): Promise<unknown> {
  const value: unknown = JSON.parse(body.toString());
  body.fill(0);
  switch (kind) {
    case 'deposit':
      return home.deposit(depositBody.parse(value));
    case 'read':
      return writeTexts(await home.read(readBody.parse(value)));
    default:
      throw new TypeError('An answer is no request');
  }
}
