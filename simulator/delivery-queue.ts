// What waits to be delivered to one account: receipts and inbound messages, sent over whichever of its binds takes
// deliveries, within their windows, and sent again until they are answered.
import type { DataSm, DeliverSm, RequestOutcome, ServerSession } from '@sotto/smpp';
import { FieldError, statusClass } from '@sotto/smpp';
import type { DueQueue } from './due-queue.ts';

export interface Delivery {
  readonly pdu: DeliverSm | DataSm;
  /** Called for every try: on which connection, under which sequence number. */
  readonly sent: (connection: number, sequence: number, attempt: number) => void;
  /** Called for every answer, with -1 for none in time or a lost connection; `last` when it is not sent again. */
  readonly answered: (connection: number, sequence: number, status: number, last: boolean) => void;
}

export interface DeliveryBind {
  readonly connection: number;
  readonly session: ServerSession;
}

interface Waiting {
  readonly delivery: Delivery;
  attempts: number;
}

export interface RetryRule {
  readonly retryMs: number;
  readonly attemptsMax: number;
}

/** Slots at the head are given back to memory when this many have been taken. */
const COMPACT_AT = 4_096;

export class DeliveryQueue {
  readonly #due: DueQueue;
  readonly #retry: () => RetryRule;
  readonly #binds: DeliveryBind[] = [];
  #waiting: Waiting[] = [];
  #head = 0;
  #turn = 0;
  #pumping = false;

  constructor(due: DueQueue, retry: () => RetryRule) {
    this.#due = due;
    this.#retry = retry;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  add(delivery: Delivery): void {
    this.#waiting.push({ delivery, attempts: 0 });
    this.pump();
  }

  /** A bind that takes deliveries has come. */
  bind(bind: DeliveryBind): void {
    this.#binds.push(bind);
    this.pump();
  }

  unbind(connection: number): void {
    const at = this.#binds.findIndex((bind) => bind.connection === connection);
    if (at >= 0) this.#binds.splice(at, 1);
  }

  /** Sends as much as the windows take, one bind after the other. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      this.#sendAll();
    } finally {
      this.#pumping = false;
    }
  }

  #sendAll(): void {
    let idle = 0;
    while (this.waiting > 0 && idle < this.#binds.length) {
      const bind = this.#binds[this.#turn++ % this.#binds.length]!;
      if (bind.session.windowFree === 0) {
        idle++;
        continue;
      }
      idle = 0;
      this.#send(bind, this.#take());
    }
  }

  #send({ connection, session }: DeliveryBind, waiting: Waiting): void {
    const { delivery } = waiting;
    waiting.attempts++;
    let sequence = 0;
    const settle = (outcome: RequestOutcome): void => this.#settled(waiting, connection, sequence, outcome);
    try {
      sequence = session.deliver(delivery.pdu, settle);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      // It cannot be said to this client at all: a long payload to one of version 3.3, for one.
      delivery.answered(connection, 0, error.status, true);
      return;
    }
    if (sequence === 0) this.#waiting.push(waiting);
    else delivery.sent(connection, sequence, waiting.attempts);
  }

  #settled(waiting: Waiting, connection: number, sequence: number, outcome: RequestOutcome): void {
    const status = outcome.kind === 'response' || outcome.kind === 'nack' ? outcome.status : -1;
    const { retryMs, attemptsMax } = this.#retry();
    const again = status !== 0 && waiting.attempts < attemptsMax && isTemporary(status);
    waiting.delivery.answered(connection, sequence, status, !again);
    if (!again) return;
    this.#due.after(retryMs, () => {
      this.#waiting.push(waiting);
      this.pump();
    });
  }

  #take(): Waiting {
    const taken = this.#waiting[this.#head++]!;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}

/** What an SMSC sends again: what came back "later", what never came back, and what the state did not admit. */
function isTemporary(status: number): boolean {
  if (status < 0) return true;
  const kind = statusClass(status);
  return kind === 'temporary' || kind === 'throttle' || kind === 'bind';
}
