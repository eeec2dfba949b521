// Faults below the session: connections that end inside a PDU, that swallow everything, that read slowly.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Behaviour, DisconnectRule } from './behaviour.ts';

/** Rules are used up across connections. */
export interface RuleUses {
  hasUses(rule: DisconnectRule): boolean;
  /** Spends one use; false when none was left. */
  spend(rule: DisconnectRule): boolean;
}

export class SocketFaults {
  readonly #socket: Socket;
  readonly #behaviour: () => Behaviour;
  readonly #rules: RuleUses;
  readonly #write: Socket['write'];
  #received = 0;
  #sent = 0;
  #submits = 0;
  #ended = false;
  /** Nothing is written any more. */
  #muted = false;
  #end: ((how: DisconnectRule['how']) => void) | null = null;

  /**
   * Must be made before the session, so that it hears every octet first.
   */
  constructor(socket: Socket, behaviour: () => Behaviour, rules: RuleUses) {
    this.#socket = socket;
    this.#behaviour = behaviour;
    this.#rules = rules;
    this.#write = socket.write.bind(socket);
    socket.write = ((chunk: Buffer) => this.#writing(chunk)) as Socket['write'];
    socket.on('data', (chunk: Buffer) => this.#reading(chunk));
  }

  /** What must happen to the session when the connection is ended under it. */
  onEnd(end: (how: DisconnectRule['how']) => void): void {
    this.#end = end;
  }

  /** Whether answers are to be withheld, for the connection ends once enough submissions wait. */
  get withholds(): boolean {
    const rule = this.#behaviour().disconnect;
    return rule !== null && 'openSubmits' in rule.when && this.#rules.hasUses(rule);
  }

  /** One submission was read; `open` of them wait for an answer. */
  submitted(open: number): void {
    this.#submits++;
    const rule = this.#behaviour().disconnect;
    if (rule === null) return;
    const { when } = rule;
    if ('submits' in when && this.#submits >= when.submits) this.#fire(rule);
    if ('openSubmits' in when && open >= when.openSubmits) this.#fire(rule);
  }

  /** Ends the connection now. */
  endNow(how: DisconnectRule['how']): void {
    if (this.#ended) return;
    this.#ended = true;
    if (how === 'rst') {
      this.#muted = true;
      // Node resets TCP alone; over TLS the connection just ends without a word.
      if (this.#socket instanceof TLSSocket) this.#socket.destroy();
      else this.#socket.resetAndDestroy();
    }
    this.#end?.(how);
  }

  #reading(chunk: Buffer): void {
    this.#received += chunk.length;
    const { disconnect, readOctetsPerSecond } = this.#behaviour();
    if (
      disconnect &&
      'octetsReceived' in disconnect.when &&
      this.#received >= disconnect.when.octetsReceived
    ) {
      this.#fire(disconnect);
      return;
    }
    if (readOctetsPerSecond === null) return;
    this.#socket.pause();
    const wait = setTimeout(() => this.#socket.resume(), (chunk.length / readOctetsPerSecond) * 1000);
    this.#socket.once('close', () => clearTimeout(wait));
  }

  #writing(chunk: Buffer): boolean {
    const { disconnect, blackHole } = this.#behaviour();
    if (this.#muted || blackHole) return true;
    const rule = disconnect && 'octetsSent' in disconnect.when ? disconnect : null;
    const limit = rule && 'octetsSent' in rule.when ? rule.when.octetsSent : Number.POSITIVE_INFINITY;
    if (rule === null || this.#sent + chunk.length < limit || !this.#rules.spend(rule)) {
      this.#sent += chunk.length;
      return this.#write(chunk);
    }
    this.#muted = true;
    this.#write(chunk.subarray(0, Math.max(0, limit - this.#sent)));
    // What was written must reach the client before the end does, so a reset waits for it.
    if (rule.how === 'fin') setImmediate(() => this.endNow('fin'));
    else this.#write(Buffer.alloc(0), () => this.endNow('rst'));
    return true;
  }

  #fire(rule: DisconnectRule): void {
    if (!this.#ended && this.#rules.spend(rule)) this.endNow(rule.how);
  }
}
