// A message centre for the tests of connectors: the server side of `smpp` on a loopback port, with a script for
// submissions and a wire that can be cut after any octet or fall silent.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { after } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import {
  type DataSm,
  type DeliverSm,
  makePdu,
  type PduOf,
  type RequestOutcome,
  type ServerOptions,
  type ServerSession,
  type SubmitAnswer,
  type SubmitSm,
  serveSession,
} from '@sotto/smpp';

export interface TestSmscOptions {
  /** Accepts with ids that count up when left out. */
  readonly onSubmit?: (pdu: SubmitSm, answer: SubmitAnswer, smsc: TestSmsc) => void;
  readonly onBind?: ServerOptions['onBind'];
  readonly onBound?: (session: ServerSession) => void;
  readonly version?: number;
  readonly limits?: ServerOptions['limits'];
  readonly tls?: TlsOptions;
}

const started = new Set<TestSmsc>();
// A test that failed half-way leaves its message centre running, and the file would never end.
after(async () => {
  for (const smsc of started) await smsc.stop();
});

export class TestSmsc {
  readonly port: number;
  /** Every submission that arrived whole, in order; octets are copies. */
  readonly submits: SubmitSm[] = [];
  readonly sessions = new Set<ServerSession>();
  readonly sockets = new Set<Socket>();
  binds = 0;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(options: TestSmscOptions = {}): Promise<TestSmsc> {
    const accept = (socket: Socket) => smsc.#serve(socket, options);
    const server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const smsc: TestSmsc = new TestSmsc(server, (server.address() as { port: number }).port);
    started.add(smsc);
    return smsc;
  }

  /** The texts of what arrived, as Latin-1. */
  get texts(): string[] {
    return this.submits.map(({ message }) => message.toString('latin1'));
  }

  /** Sends on a session that takes deliveries; rejects when none does. */
  deliver(pdu: DeliverSm | DataSm): Promise<RequestOutcome> {
    return new Promise((resolve, reject) => {
      for (const session of this.sessions) if (session.deliver(pdu, resolve) > 0) return;
      reject(new Error('no session takes deliveries'));
    });
  }

  /** Cuts every connection with a reset. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    started.delete(this);
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #serve(socket: Socket, options: TestSmscOptions): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    const session: ServerSession = serveSession(socket, {
      systemId: 'TEST',
      ...(options.version === undefined ? {} : { version: options.version }),
      limits: { windowMax: 1_000, inboundWindowMax: 10_000, ...options.limits },
      onBind: options.onBind ?? (() => 0),
      onBound: () => {
        this.binds += 1;
        options.onBound?.(session);
      },
      onSubmit: (pdu, answer) => {
        this.submits.push({ ...pdu, message: Buffer.from(pdu.message) });
        if (options.onSubmit) options.onSubmit(pdu, answer, this);
        else answer(0, `id-${this.submits.length}`);
      },
      onClose: () => this.sessions.delete(session),
      onEvent: () => undefined,
    });
    this.sessions.add(session);
  }
}

/** A message from a handset. */
export const handsetMessage = (input: Partial<PduOf<'deliver_sm'>> = {}): DeliverSm =>
  makePdu('deliver_sm', {
    sourceTon: 1,
    sourceNpi: 1,
    source: '491512345001',
    destinationTon: 1,
    destinationNpi: 1,
    destination: '491512345900',
    message: Buffer.from('hello'),
    ...input,
  });

/** A receipt in the vendor layout of SMPP 3.4 appendix B. */
export const receiptFor = (id: string, input: Partial<PduOf<'deliver_sm'>> = {}): DeliverSm =>
  handsetMessage({
    esmClass: 0x04,
    message: Buffer.from(
      `id:${id} sub:001 dlvrd:001 submit date:2611210300 done date:2611210301 stat:DELIVRD err:000 text:`,
    ),
    ...input,
  });
