// What the connections of one simulated SMSC share.
import type { Socket } from 'node:net';
import { type DataSm, type DeliverSm, makeReceipt, type ReceiptState, type SessionLimits } from '@sotto/smpp';
import type { Behaviour, DisconnectRule } from './behaviour.ts';
import { type Counts, type MutableCounts, zeroCounts } from './counts.ts';
import { type Delivery, DeliveryQueue } from './delivery-queue.ts';
import { DueQueue } from './due-queue.ts';
import { type InboundMessage, inboundParts } from './handset.ts';
import { MessageIds } from './message-ids.ts';
import { seededRandom, shuffle } from './random.ts';
import type { SmscConnection } from './smsc-connection.ts';
import { SubmissionPlanner } from './submission-plan.ts';
import type { TruthLog } from './truth-log.ts';

export interface SmscSettings {
  readonly systemId: string;
  readonly version: number;
  /** Submissions a client may have open; one more is answered 0x58. */
  readonly window: number;
  /** Deliveries the SMSC has open on one bind. */
  readonly receiptWindow: number;
  /** Passwords by system id; null lets anyone in. */
  readonly accounts: Readonly<Record<string, string>> | null;
  readonly limits: Partial<SessionLimits>;
}

/** An inbound message for an account; for the only or first one bound when `systemId` is absent. */
export interface InboundFor extends InboundMessage {
  readonly systemId?: string;
}

/** A receipt out of nowhere: for an id never given out, or given out long ago. */
export interface StrayReceipt {
  readonly messageId: string;
  /** The handset, and the sender the message had. */
  readonly from: string;
  readonly to: string;
  readonly state?: ReceiptState;
  readonly errorCode?: string;
  readonly carriedBy?: 'text' | 'tlv' | 'both';
  readonly systemId?: string;
}

/** Gathered receipts do not wait longer for others than this. */
const GATHER_MS = 20;

export class SmscState {
  readonly options: SmscSettings;
  readonly counts: MutableCounts = zeroCounts();
  readonly due = new DueQueue();
  readonly random: () => number;
  readonly planner: SubmissionPlanner;
  readonly ids = new MessageIds(Date.now());
  readonly log: TruthLog | null;
  readonly connections = new Set<SmscConnection>();
  /** Connections taken while nothing was to be answered. */
  readonly swallowed = new Set<Socket>();
  behaviour: Behaviour;
  readonly #queues = new Map<string, DeliveryQueue>();
  readonly #spent = new Map<DisconnectRule, number>();
  #gathered: (() => void)[] = [];
  #idleWaiters: (() => void)[] = [];

  constructor(options: SmscSettings, behaviour: Behaviour, log: TruthLog | null, seed: number) {
    this.options = options;
    this.behaviour = behaviour;
    this.log = log;
    this.random = seededRandom(seed);
    this.planner = new SubmissionPlanner(this.random);
  }

  queueOf(systemId: string): DeliveryQueue {
    let queue = this.#queues.get(systemId);
    if (queue === undefined) {
      queue = new DeliveryQueue(this.due, () => this.behaviour.receipts);
      this.#queues.set(systemId, queue);
    }
    return queue;
  }

  /** Spends one use of a rule; false when it is used up. */
  spend(rule: DisconnectRule): boolean {
    if (!this.hasUses(rule)) return false;
    this.#spent.set(rule, (this.#spent.get(rule) ?? 0) + 1);
    return true;
  }

  hasUses(rule: DisconnectRule): boolean {
    return (this.#spent.get(rule) ?? 0) < rule.times;
  }

  /** Runs `send` now, or in drawn order with others when receipts are shuffled. */
  gather(send: () => void): void {
    const size = this.behaviour.receipts.shuffle;
    if (size <= 1) {
      send();
      return;
    }
    this.#gathered.push(send);
    if (this.#gathered.length >= size) this.#sendGathered();
    else if (this.#gathered.length === 1) this.due.after(GATHER_MS, () => this.#sendGathered());
  }

  #sendGathered(): void {
    for (const send of shuffle(this.#gathered.splice(0), this.random)) send();
  }

  /** A receipt was answered or given up. */
  receiptEnded(): void {
    this.counts.receiptsPending--;
    if (this.counts.receiptsPending === 0) for (const wake of this.#idleWaiters.splice(0)) wake();
  }

  /** Resolves when no receipt is planned, waiting or in flight. */
  idle(): Promise<void> {
    if (this.counts.receiptsPending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Queues a receipt that belongs to no submission of this run; resolves with its last status. */
  strayReceipt(stray: StrayReceipt): Promise<number> {
    const { messageId, from, to, state = 'delivered', systemId = this.#firstBound() } = stray;
    const now = Date.now();
    const receipt = makeReceipt({
      textId: messageId,
      tlvId: messageId,
      state,
      errorCode: stray.errorCode ?? '000',
      submittedAtMs: now,
      doneAtMs: now,
      excerpt: '',
      carriedBy: stray.carriedBy ?? 'both',
    });
    return this.deliver(Object.assign(receipt, { source: from, destination: to }), systemId);
  }

  /** Queues any delivery as it is; resolves with its last status, -1 when it was given up unanswered. */
  deliver(pdu: DeliverSm | DataSm, systemId = this.#firstBound()): Promise<number> {
    return new Promise((resolve) => {
      const answered: Delivery['answered'] = (_connection, _sequence, status, last) => {
        if (last) resolve(status);
      };
      this.queueOf(systemId).add({ pdu, sent: () => undefined, answered });
    });
  }

  /** Queues the parts of a message from a handset; resolves with the last status of each part. */
  async inbound(message: InboundFor): Promise<number[]> {
    const { systemId = this.#firstBound() } = message;
    const parts = inboundParts(message, Math.floor(this.random() * 0x1_0000));
    const queue = this.queueOf(systemId);
    const { from, to } = message;
    return Promise.all(
      parts.map(
        ({ pdu, part, parts: total }) =>
          new Promise<number>((resolve) => {
            const event = { from, to, part, parts: total };
            const delivery: Delivery = {
              pdu,
              sent: (connection, sequence) => {
                this.counts.inboundSent++;
                this.log?.write({ event: 'inbound', at: Date.now(), connection, sequence, ...event });
              },
              answered: (connection, sequence, status, last) => {
                if (status === 0) this.counts.inboundAcked++;
                this.log?.write({
                  event: 'inbound_ack',
                  at: Date.now(),
                  connection,
                  sequence,
                  ...event,
                  status,
                });
                if (last) resolve(status);
              },
            };
            queue.add(delivery);
          }),
      ),
    );
  }

  snapshot(): Counts {
    return { ...this.counts, refusedByStatus: { ...this.counts.refusedByStatus } };
  }

  #firstBound(): string {
    for (const { session } of this.connections) if (session.bound) return session.bound.systemId;
    throw new Error('no client is bound; name the account with systemId');
  }
}
