// How parts get from the lanes' queues into the windows of the binds, and their outcomes back.
//
// A part is in exactly one place: in a lane's queue (not written: `not_sent` is true), or in the open requests of one
// session, which reports its end exactly once. It moves from one to the other in `#place`, in one turn.
import { type ClientSession, FieldError, type Pdu, type SessionTimers } from '@sotto/smpp';
import { failpoint, failpointsArmed } from '#platform/failpoints';
import { log } from '#platform/log';
import { LaneQueues, type OnOutcome, WaitingPart } from '../lane-queues.ts';
import { type ConnectorCounters, countOutcome } from '../metrics.ts';
import { type Lane, type LateAnswer, type PartOutcome, type PartToSubmit, WAITING_PARTS } from '../port.ts';
import type { MessageIds } from '../receipts/message-ids.ts';
import { RoomNotice } from '../room-notice.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import type { BindSlot } from './bind-slot.ts';
import { LateAnswers } from './late-answers.ts';
import { answerOf, outcomeOf, StatusTable } from './outcome-of.ts';
import { PartRate } from './part-rate.ts';
import { PartRateMeter } from './part-rate-meter.ts';
import { SubmitWriter } from './submit-pdu.ts';

/** Parts given to `submit` beyond the capacity wait, up to so many windows at least; the rest comes back at once. */
const WAITING_WINDOWS_MAX = 2;
/** Parts written to one bind before the next one is looked at. */
const RUN_MAX = 64;
/** A limited connector wakes for several parts together, not for each. */
const WAKE_MS_MIN = 10;
const NOT_SENT: PartOutcome = Object.freeze({ kind: 'not_sent' });

export interface FlowOptions {
  readonly settings: ConnectorSettings;
  readonly ids: MessageIds;
  readonly timers: SessionTimers;
  readonly counters: ConnectorCounters;
}

export class PartFlow {
  readonly notice = new RoomNotice();
  rate: PartRate;
  readonly meter: PartRateMeter;
  /** The last refusal of a part, by name. */
  lastError: string | null = null;
  readonly #settings: ConnectorSettings;
  readonly #ids: MessageIds;
  readonly #timers: SessionTimers;
  readonly #counters: ConnectorCounters;
  readonly #queues = new LaneQueues();
  readonly #writer: SubmitWriter;
  readonly #statuses: StatusTable;
  readonly #late = new LateAnswers();
  /** Of each window, what only one-time codes may use. */
  readonly #reserve: number;
  #slots: readonly BindSlot[] = [];
  #pumpScheduled = false;
  #wake: ReturnType<typeof setTimeout> | null = null;
  #ended = false;

  constructor({ settings, ids, timers, counters }: FlowOptions) {
    this.#settings = settings;
    this.#ids = ids;
    this.#timers = timers;
    this.#counters = counters;
    this.#writer = new SubmitWriter(settings);
    this.#statuses = new StatusTable(settings);
    this.rate = new PartRate(settings.partsPerSecond, timers.now());
    this.meter = new PartRateMeter(timers.now());
    this.#reserve = Math.min(settings.otpWindowReserve, settings.windowSize - 1);
  }

  /** Changes the configured rate. What throttling taught is forgotten: the operator knows better now. */
  limitTo(partsPerSecond: number | null): void {
    this.rate = new PartRate(partsPerSecond, this.#timers.now());
    this.schedule();
  }

  /** The binds to write to; given once, before the first part. */
  over(slots: readonly BindSlot[]): void {
    this.#slots = slots;
  }

  get waiting(): number {
    return this.#queues.size;
  }

  /** `Connector.capacity`. */
  capacity(lane: Lane): number {
    const now = this.#timers.now();
    const room = this.#room(lane, now);
    if (room === 0) {
      this.notice.full(lane);
      this.#wakeLater(now);
    }
    return room;
  }

  /** `Connector.submit`. */
  add(parts: readonly PartToSubmit[], onOutcome: OnOutcome): void {
    const waitingMax = this.#waitingMax();
    for (const part of parts) {
      const waiting = new WaitingPart(part, onOutcome);
      // Codes are few and short-lived: bulk that filled the queue must not turn them away.
      const before = part.lane === 'otp' ? this.#queues.sizeOf('otp') : this.#queues.size;
      if (before < waitingMax) this.#queues.add(waiting);
      else queueMicrotask(() => this.#settle(waiting, NOT_SENT));
    }
    this.schedule();
  }

  /** A response or generic_nack to nothing that waits: what it says about a part that had been given up, if it does. */
  lateAnswer(session: ClientSession, pdu: Pdu): Pick<LateAnswer, 'partId' | 'outcome'> | null {
    if (pdu.command !== 'submit_sm_resp' && pdu.command !== 'generic_nack') return null;
    const partId = this.#late.take(session, pdu.sequence);
    if (partId === undefined) return null;
    const messageId = pdu.command === 'submit_sm_resp' ? this.#ids.accepted(pdu.messageId) : '';
    return { partId, outcome: answerOf(pdu.command, pdu.status, messageId, this.#statuses) };
  }

  /** Nobody is left to write: what waits was never written and says so. */
  returnWaiting(): void {
    for (const waiting of this.#queues.takeAll()) queueMicrotask(() => this.#settle(waiting, NOT_SENT));
  }

  /** Takes and writes nothing more. Parts in flight still get their outcomes. */
  end(): void {
    this.#ended = true;
    if (this.#wake !== null) clearTimeout(this.#wake);
    this.returnWaiting();
  }

  /** Something may have made room. Coalesced: answers and windows come by the hundred in one turn. */
  schedule(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    queueMicrotask(this.#pumpNow);
  }

  #waitingMax(): number {
    if (this.#ended) return 0;
    let bound = 0;
    for (const slot of this.#slots) if (slot.transmit !== null) bound += 1;
    return bound === 0 ? 0 : Math.max(WAITING_PARTS, bound * this.#settings.windowSize * WAITING_WINDOWS_MAX);
  }

  #room(lane: Lane, nowMs: number): number {
    if (this.#ended) return 0;
    const codes = lane === 'otp';
    const available = this.rate.available(nowMs);
    if (available <= 0 && (!codes || this.rate.pausedForMs(nowMs) > 0)) return 0;
    let window = 0;
    for (const slot of this.#slots) {
      const session = slot.transmit;
      if (session !== null) window += Math.max(0, session.windowFree - (codes ? 0 : this.#reserve));
    }
    // Codes may wait a burst ahead of their turn, for they take the next one; bulk takes only what can go now.
    const allowed = codes ? Math.max(0, available) + this.rate.burst : available;
    const waiting = codes ? this.#queues.sizeOf('otp') : this.#queues.size;
    return Math.max(0, Math.min(window, allowed) - waiting);
  }

  readonly #pumpNow = (): void => {
    this.#pumpScheduled = false;
    this.#pump();
    if (this.#ended) return;
    const now = this.#timers.now();
    const codes = this.#room('otp', now);
    const bulk = this.#room('marketing', now);
    if (codes === 0 || bulk === 0) this.#wakeLater(now);
    this.notice.update(codes > 0, bulk > 0);
  };

  #pump(): void {
    while (this.#queues.size > 0) {
      const now = this.#timers.now();
      const allowed = this.rate.available(now);
      if (allowed <= 0) {
        this.#wakeLater(now);
        return;
      }
      if (this.#run(allowed, now) === 0) return;
    }
  }

  /** Writes up to a run of parts to the bind with the most room; how many were taken out of the queues. */
  #run(allowed: number, nowMs: number): number {
    let best: BindSlot | null = null;
    let free = 0;
    for (const slot of this.#slots) {
      const room = slot.transmit?.windowFree ?? 0;
      if (room > free) {
        best = slot;
        free = room;
      }
    }
    if (best === null) return 0;
    let taken = 0;
    const runMax = Math.min(RUN_MAX, allowed);
    while (taken < runMax) {
      const lane = this.#queues.lane;
      if (lane === undefined || free <= (lane === 'otp' ? 0 : this.#reserve)) return taken;
      const placed = this.#place(best, lane, nowMs);
      if (placed === 'no_room') return taken;
      taken += 1;
      if (placed === 'written') free -= 1;
    }
    return taken;
  }

  #place(slot: BindSlot, lane: Lane, nowMs: number): 'written' | 'refused' | 'no_room' {
    const session = slot.transmit;
    if (session === null) return 'no_room';
    const waiting = this.#queues.first(lane);
    const pdu = this.#writer.write(waiting.part);
    if (typeof pdu === 'string') return this.#refuse(waiting, lane, pdu);
    try {
      const sequence = session.submit(pdu, (ended) => {
        const outcome = outcomeOf(ended, this.#statuses);
        if (ended.kind === 'timeout') this.#late.remember(session, sequence, waiting.part.id);
        this.#heed(outcome, slot);
        this.#settle(waiting, outcome);
        this.schedule();
      });
      if (sequence === 0) return 'no_room';
    } catch (error) {
      // Nothing was sent. A value that does not fit its field is the part's fault, anything else is ours.
      if (!(error instanceof FieldError)) log.error('carriers.submit_failed', { error });
      return this.#refuse(waiting, lane, 'LOCAL_FIELD');
    }
    this.#queues.drop(lane);
    this.rate.spend();
    this.meter.add(nowMs);
    // The session writes at the end of this turn, which it asked for before we do.
    if (failpointsArmed()) setImmediate(() => failpoint('send.written').catch(() => undefined));
    return 'written';
  }

  #refuse(waiting: WaitingPart, lane: Lane, errorCode: string): 'refused' {
    this.#queues.drop(lane);
    this.#settle(waiting, { kind: 'refused', status: 0, errorCode, severity: 'permanent' });
    return 'refused';
  }

  /** What an outcome says about the connector, beyond the part. */
  #heed(outcome: PartOutcome, slot: BindSlot): void {
    switch (outcome.kind) {
      case 'accepted':
        this.rate.accepted();
        break;
      case 'refused':
        this.lastError = outcome.errorCode;
        if (outcome.severity === 'throttled') this.#tooFast();
        else if (this.#statuses.classOf(outcome.status) === 'bind') slot.rebind(outcome.errorCode);
        break;
      case 'unknown':
        this.lastError = outcome.reason === 'timeout' ? 'response_timeout' : 'link_lost';
        // Who does not answer in time does not keep up: sending on at full speed would only make more of the unknown.
        if (outcome.reason === 'timeout') this.#tooFast();
        break;
      case 'not_sent':
    }
  }

  #tooFast(): void {
    const now = this.#timers.now();
    this.rate.tooFast(now, this.meter.latest(now));
  }

  #settle(waiting: WaitingPart, outcome: PartOutcome): void {
    countOutcome(this.#counters, outcome);
    try {
      waiting.onOutcome(
        waiting.part,
        outcome.kind === 'accepted'
          ? { kind: 'accepted', carrierMessageId: this.#ids.accepted(outcome.carrierMessageId) }
          : outcome,
      );
    } catch (error) {
      log.error('carriers.outcome_handler_failed', { error });
    }
  }

  /**
   * Comes back when the rate lets the next parts through; room in a window announces itself. `nowMs` is the time at which
   * there was no room: at a later one the rate may already let parts through, and nothing would come back for them.
   */
  #wakeLater(nowMs: number): void {
    if (this.#wake !== null || this.#ended) return;
    const waitMs = this.rate.waitMs(nowMs);
    if (waitMs === 0) return;
    this.#wake = setTimeout(
      () => {
        this.#wake = null;
        this.schedule();
      },
      Math.max(WAKE_MS_MIN, waitMs),
    );
    this.#wake.unref();
  }
}
