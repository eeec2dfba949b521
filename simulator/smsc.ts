// A fake SMSC on a TCP port, with behaviour that may be changed while it runs.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { DataSm, DeliverSm, SessionLimits } from '@sotto/smpp';
import { type Behaviour, type BehaviourChange, changeBehaviour, DEFAULT_BEHAVIOUR } from './behaviour.ts';
import type { Counts } from './counts.ts';
import { SmscConnection } from './smsc-connection.ts';
import { type InboundFor, SmscState, type StrayReceipt } from './smsc-state.ts';
import { TruthLog, type TruthLogOptions } from './truth-log.ts';

export interface SmscOptions {
  /** 0 chooses a free one. */
  readonly port?: number;
  readonly host?: string;
  /** The SMSC's name in bind responses. */
  readonly systemId?: string;
  /** 0x34, or 0x33 for an SMSC without transceivers and optional parameters. */
  readonly version?: number;
  /** Submissions a client may have open; default 10,000. */
  readonly window?: number;
  /** Deliveries open on one bind; default 1,000. */
  readonly receiptWindow?: number;
  /** Passwords by system id; anyone is let in without them. */
  readonly accounts?: Readonly<Record<string, string>>;
  readonly behaviour?: BehaviourChange;
  /** Without it nothing is written and only the counters run. */
  readonly log?: TruthLogOptions;
  /** Serves TLS; with `ca`, clients must show a certificate of it. PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Repeats the dice of an earlier run. */
  readonly seed?: number;
  /** Timers of the sessions, for tests of timeouts. */
  readonly limits?: Partial<SessionLimits>;
}

export interface Smsc {
  readonly host: string;
  readonly port: number;
  readonly seed: number;
  readonly behaviour: Behaviour;
  /** Changes settings from the next PDU on. Throws TypeError for one that does not exist. */
  set(change: BehaviourChange): void;
  counts(): Counts;
  /** A handset writes: resolves with the status that answered each part; -1 for given up. */
  inbound(message: InboundFor): Promise<number[]>;
  /** Sends a receipt that belongs to no submission of this run; resolves with the status that answered it. */
  strayReceipt(receipt: StrayReceipt): Promise<number>;
  /** Sends any delivery as it is, for what the other means cannot say. */
  deliver(pdu: DeliverSm | DataSm, systemId?: string): Promise<number>;
  /** Ends every connection. */
  disconnect(how: 'fin' | 'rst'): void;
  /** Resolves when no receipt is planned, waiting or in flight. */
  idle(): Promise<void>;
  /** Resolves when all that was logged is on disk. */
  flushed(): Promise<void>;
  /** Unbinds clients in order (or drops them), stops listening, closes the log. May be repeated. */
  stop(how?: 'unbind' | 'drop'): Promise<void>;
}

const SEED_MAX = 2 ** 32;

/** Starts listening. Rejects when the port is taken or the log cannot be opened. */
export async function startSmsc(options: SmscOptions = {}): Promise<Smsc> {
  const host = options.host ?? '127.0.0.1';
  const seed = options.seed ?? randomInt(SEED_MAX);
  const log = options.log ? new TruthLog(options.log) : null;
  const state = new SmscState(
    {
      systemId: options.systemId ?? 'SIMULATOR',
      version: options.version ?? 0x34,
      window: options.window ?? 10_000,
      receiptWindow: options.receiptWindow ?? 1_000,
      accounts: options.accounts ?? null,
      limits: options.limits ?? {},
    },
    changeBehaviour(DEFAULT_BEHAVIOUR, options.behaviour ?? {}),
    log,
    seed,
  );
  let connections = 0;
  const server = listener(options.tls, (socket) => {
    connections++;
    if (state.behaviour.blackHole) swallow(state, socket);
    else state.connections.add(new SmscConnection(state, socket, connections));
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  log?.write({ event: 'start', at: Date.now(), port, seed });

  const stop = async (how: 'unbind' | 'drop'): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    state.due.close();
    for (const socket of state.swallowed) socket.destroy();
    const sessions = [...state.connections].map(({ session }) => session);
    if (how === 'drop') for (const session of sessions) session.close('the simulator stops');
    else await Promise.all(sessions.map((session) => session.unbind()));
    await closed;
    await log?.close();
  };
  let stopping: Promise<void> | null = null;

  return {
    host,
    port,
    seed,
    get behaviour() {
      return state.behaviour;
    },
    set(change) {
      state.behaviour = changeBehaviour(state.behaviour, change);
    },
    counts: () => state.snapshot(),
    inbound: (message) => state.inbound(message),
    strayReceipt: async (receipt) => state.strayReceipt(receipt),
    deliver: async (pdu, systemId) => state.deliver(pdu, systemId),
    disconnect(how) {
      for (const connection of [...state.connections]) connection.disconnect(how);
    },
    idle: () => state.idle(),
    flushed: () => log?.flushed() ?? Promise.resolve(),
    stop(how = 'unbind') {
      stopping ??= stop(how);
      return stopping;
    },
  };
}

function listener(tls: SmscOptions['tls'], onSocket: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(onSocket);
  const server = createTlsServer({ ...tls, requestCert: tls.ca !== undefined }, onSocket);
  // A failed handshake is the client's to report.
  server.on('tlsClientError', () => undefined);
  return server;
}

/** A connection that is taken and never answered, not even closed. */
function swallow(state: SmscState, socket: Socket): void {
  state.counts.connections++;
  state.swallowed.add(socket);
  socket.resume();
  // Clients give up as they like.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => state.swallowed.delete(socket));
}
