// A connector without a carrier: it keeps the promises of the port in memory, and a script says what becomes of each
// part. For tests of what stands above the port, and for trying routes without a line.

import { LaneQueues, type OnOutcome, WaitingPart } from '../lane-queues.ts';
import {
  type Connector,
  type ConnectorHealth,
  type ConnectorTraits,
  type Lane,
  type PartOutcome,
  type PartToSubmit,
  WAITING_PARTS,
} from '../port.ts';

/** What the script makes of a part: an outcome, or silence until `lose` or `answer`. */
export type LoopbackVerdict = PartOutcome | 'silence';

export interface LoopbackOptions {
  readonly id?: string;
  readonly name?: string;
  readonly traits?: ConnectorTraits;
  /** Parts without an answer at one time. Default 100. */
  readonly window?: number;
  /** Of the window, what only one-time codes may use. Default a tenth. */
  readonly reserve?: number;
  /** Decides each part when it is "written"; by default all are accepted under ids that count up. */
  readonly script?: (part: PartToSubmit) => LoopbackVerdict;
}

const DEFAULT_TRAITS: ConnectorTraits = { defaultAlphabet: 'gsm7', referenceBits: 8 };

export class LoopbackConnector implements Connector {
  readonly id: string;
  readonly name: string;
  readonly traits: ConnectorTraits;
  /** Every part that was "written", in that order. */
  readonly written: PartToSubmit[] = [];
  readonly #window: number;
  readonly #reserve: number;
  readonly #script: (part: PartToSubmit) => LoopbackVerdict;
  readonly #queues = new LaneQueues();
  readonly #open = new Set<WaitingPart>();
  readonly #listeners: (() => void)[] = [];
  #bound = true;
  #scheduled = false;
  #wasFull = false;
  #ids = 0;

  constructor(options: LoopbackOptions = {}) {
    this.id = options.id ?? '00000000-0000-7000-8000-000000000001';
    this.name = options.name ?? 'loopback';
    this.traits = options.traits ?? DEFAULT_TRAITS;
    this.#window = options.window ?? 100;
    this.#reserve = Math.min(this.#window - 1, options.reserve ?? Math.ceil(this.#window / 10));
    this.#script =
      options.script ?? (() => ({ kind: 'accepted', carrierMessageId: `loopback-${++this.#ids}` }));
  }

  get health(): ConnectorHealth {
    return {
      state: this.#bound ? 'bound' : 'connecting',
      bindsBound: this.#bound ? 1 : 0,
      bindsConfigured: 1,
      windowUsed: this.#open.size,
      windowMax: this.#window,
      waiting: this.#queues.size,
      partsPerSecondLimit: null,
      partsPerSecond: 0,
      throttledForMs: 0,
      lastError: this.#bound ? null : 'link_lost',
      binds: [],
    };
  }

  capacity(lane: Lane): number {
    const room = this.#room(lane);
    if (room === 0) this.#wasFull = true;
    return room;
  }

  onCapacity(listener: () => void): void {
    this.#listeners.push(listener);
  }

  submit(parts: readonly PartToSubmit[], onOutcome: OnOutcome): void {
    for (const part of parts) {
      const waiting = new WaitingPart(part, onOutcome);
      if (this.#bound && this.#queues.size < Math.max(WAITING_PARTS, 2 * this.#window))
        this.#queues.add(waiting);
      else queueMicrotask(() => waiting.onOutcome(part, { kind: 'not_sent' }));
    }
    this.#schedule();
  }

  /** Answers every part that met silence so far. */
  answer(outcome: PartOutcome): void {
    for (const waiting of [...this.#open]) this.#end(waiting, outcome);
    this.#schedule();
  }

  /** The link goes: what met silence is unknown, what waited was not sent. `connect` brings it back. */
  lose(): void {
    this.#bound = false;
    this.answer({ kind: 'unknown', reason: 'lost' });
    for (const waiting of this.#queues.takeAll()) waiting.onOutcome(waiting.part, { kind: 'not_sent' });
    this.#wasFull = true;
  }

  connect(): void {
    this.#bound = true;
    this.#schedule();
  }

  #room(lane: Lane): number {
    if (!this.#bound) return 0;
    const codes = lane === 'otp';
    const free = this.#window - this.#open.size - (codes ? 0 : this.#reserve);
    return Math.max(0, free - (codes ? this.#queues.sizeOf('otp') : this.#queues.size));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#write();
      const full = this.#room('marketing') === 0;
      const grown = this.#wasFull && !full;
      this.#wasFull = full;
      if (grown) for (const listener of this.#listeners) listener();
    });
  }

  #write(): void {
    while (this.#bound) {
      const lane = this.#queues.lane;
      if (lane === undefined) return;
      if (this.#open.size >= this.#window - (lane === 'otp' ? 0 : this.#reserve)) return;
      const waiting = this.#queues.first(lane);
      this.#queues.drop(lane);
      this.#open.add(waiting);
      this.written.push(waiting.part);
      const verdict = this.#script(waiting.part);
      if (verdict !== 'silence') this.#end(waiting, verdict);
    }
  }

  #end(waiting: WaitingPart, outcome: PartOutcome): void {
    if (!this.#open.delete(waiting)) return;
    waiting.onOutcome(waiting.part, outcome);
  }
}
