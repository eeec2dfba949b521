// A TCP relay between a connector and a message centre that can be cut after any octet in either direction, or hold
// everything back while the connection stays up.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after } from 'node:test';

export interface Cut {
  readonly direction: 'to_smsc' | 'to_us';
  /** Octets that still pass. */
  readonly afterOctets: number;
  readonly how: 'fin' | 'reset';
}

const started = new Set<Wire>();
after(async () => {
  for (const wire of started) await wire.stop();
});

export class Wire {
  readonly port: number;
  /** Octets that passed, over all connections. */
  readonly passed = { to_smsc: 0, to_us: 0 };
  silent = false;
  readonly #server: Server;
  readonly #pairs = new Set<{ ours: Socket; theirs: Socket }>();
  #cut: Cut | null = null;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async to(smscPort: number): Promise<Wire> {
    const server = createServer((ours) => wire.#relay(ours, smscPort));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const wire: Wire = new Wire(server, (server.address() as { port: number }).port);
    started.add(wire);
    return wire;
  }

  /** The next connection to pass that many octets is cut there, once. */
  cut(cut: Cut): void {
    this.#cut = { ...cut, afterOctets: this.passed[cut.direction] + cut.afterOctets };
  }

  async stop(): Promise<void> {
    started.delete(this);
    this.#server.close();
    for (const { ours, theirs } of this.#pairs) {
      ours.destroy();
      theirs.destroy();
    }
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #relay(ours: Socket, smscPort: number): void {
    const theirs = connect(smscPort, '127.0.0.1');
    const pair = { ours, theirs };
    this.#pairs.add(pair);
    const pump = (from: Socket, to: Socket, direction: Cut['direction']) => {
      from.on('data', (chunk: Buffer) => this.#pass(pair, chunk, to, direction));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    };
    pump(ours, theirs, 'to_smsc');
    pump(theirs, ours, 'to_us');
  }

  #pass(
    pair: { ours: Socket; theirs: Socket },
    chunk: Buffer,
    to: Socket,
    direction: Cut['direction'],
  ): void {
    if (this.silent) return;
    const cut = this.#cut;
    const left = cut?.direction === direction ? cut.afterOctets - this.passed[direction] : chunk.length;
    const part = left < chunk.length ? chunk.subarray(0, Math.max(0, left)) : chunk;
    this.passed[direction] += part.length;
    if (part.length > 0) to.write(part);
    if (part.length === chunk.length) return;
    this.#cut = null;
    if (cut!.how === 'fin') {
      pair.ours.end();
      pair.theirs.end();
    } else {
      pair.ours.resetAndDestroy();
      pair.theirs.resetAndDestroy();
    }
  }
}
