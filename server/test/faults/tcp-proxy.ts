// A TCP proxy between two processes that does to their connection what networks do: cuts it after any number of
// octets in either direction, resets it, closes half of it, swallows everything, delays, refuses.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** `outward` is from the client that connected to the proxy towards the target. */
export type Direction = 'outward' | 'homeward';
/** `half_close` ends one direction towards the client and leaves the other open; `swallow` keeps TCP up and silent. */
export type CutKind = 'rst' | 'fin' | 'half_close' | 'swallow';

export interface Cut {
  readonly direction: Direction;
  /** Octets that still pass in this direction, over all connections; what follows does not, be it mid-PDU. */
  readonly octets: number;
  readonly how: CutKind;
}

interface Pair {
  readonly client: Socket;
  readonly target: Socket;
  swallowing: boolean;
}

export class TcpProxy {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #pairs = new Set<Pair>();
  #armed: { cut: Cut; left: number; fired: () => void } | null = null;
  #refusing = false;
  #swallowing = false;
  /** Delay of every chunk in both directions, in milliseconds. Chunks keep their order. */
  delayMs = 0;
  /** Connections that were ended or silenced by a cut. */
  cuts = 0;

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server;
    this.#target = target;
    server.on('connection', (client) => this.#accept(client));
  }

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new TcpProxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Arms one cut; resolves when it has happened. A cut armed before and not yet fired is replaced. */
  arm(cut: Cut): Promise<void> {
    return new Promise((fired) => {
      this.#armed = { cut, left: cut.octets, fired };
    });
  }

  disarm(): void {
    this.#armed = null;
  }

  /** Does it to every connection now. */
  cutAll(how: CutKind): void {
    for (const pair of [...this.#pairs]) this.#cut(pair, how);
  }

  /** While set, connections are taken and kept, and nothing passes on any of them. */
  swallow(on: boolean): void {
    this.#swallowing = on;
    if (on) for (const pair of this.#pairs) pair.swallowing = true;
  }

  /** Ends what was silenced: a peer that waits for answers on it would wait until its own timers tell it. */
  endSilence(): void {
    for (const { client, target, swallowing } of this.#pairs) {
      if (!swallowing) continue;
      client.resetAndDestroy();
      target.resetAndDestroy();
    }
  }

  /** While set, every new connection is reset at once. */
  refuse(on: boolean): void {
    this.#refusing = on;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const { client, target } of this.#pairs) {
      client.destroy();
      target.destroy();
    }
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#refusing) {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const target = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    client.setNoDelay(true);
    const pair: Pair = { client, target, swallowing: this.#swallowing };
    this.#pairs.add(pair);
    this.#pipe(pair, client, target, 'outward');
    this.#pipe(pair, target, client, 'homeward');
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      // A broken half breaks the other: nobody is left to speak to.
      one.on('error', () => {
        if (!pair.swallowing) other.resetAndDestroy();
        one.destroy();
      });
      one.on('close', () => {
        this.#pairs.delete(pair);
        if (!pair.swallowing) other.destroy();
      });
    }
  }

  #pipe(pair: Pair, from: Socket, to: Socket, direction: Direction): void {
    let last: Promise<void> = Promise.resolve();
    const inOrder = (step: () => void): void => {
      const delayMs = this.delayMs;
      if (delayMs === 0) {
        last = last.then(step);
        return;
      }
      const due = new Promise<void>((done) => setTimeout(done, delayMs));
      last = last.then(() => due).then(step);
    };
    from.on('data', (chunk: Buffer) => inOrder(() => this.#forward(pair, to, direction, chunk)));
    from.on('end', () =>
      inOrder(() => {
        if (!pair.swallowing) to.end();
      }),
    );
  }

  #forward(pair: Pair, to: Socket, direction: Direction, chunk: Buffer): void {
    if (pair.swallowing || to.destroyed || to.writableEnded) return;
    const armed = this.#armed;
    if (armed === null || armed.cut.direction !== direction) {
      to.write(chunk);
      return;
    }
    if (chunk.length < armed.left) {
      armed.left -= chunk.length;
      to.write(chunk);
      return;
    }
    this.#armed = null;
    const { how } = armed.cut;
    // What passed must arrive before the end does, so the cut waits for its write.
    to.write(chunk.subarray(0, armed.left), () => {
      this.#cut(pair, how);
      armed.fired();
    });
    if (how === 'swallow') pair.swallowing = true;
  }

  #cut(pair: Pair, how: CutKind): void {
    this.cuts += 1;
    const { client, target } = pair;
    switch (how) {
      case 'rst':
        client.resetAndDestroy();
        target.resetAndDestroy();
        return;
      case 'fin':
        client.end();
        target.end();
        return;
      case 'half_close':
        // The client hears the end and may go on writing; the target hears nothing of it.
        client.end();
        return;
      case 'swallow':
        pair.swallowing = true;
    }
  }
}
