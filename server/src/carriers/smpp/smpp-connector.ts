// The SMPP connector: parts in by lanes, submit_sm out over the binds, one outcome for every part.
//
// A part is in exactly one place: in a lane's queue (not written: `not_sent` is true), or in the open requests of one
// session, which reports its end exactly once. It moves from one to the other in `#place`, in one turn.
import { FieldError, type SessionLimits, type SessionTimers, systemTimers } from '@sotto/smpp';
import { log, word } from '#platform/log';
import { LaneQueues, type OnOutcome, WaitingPart } from '../lane-queues.ts';
import type { LeaseKeeper } from '../leases/lease-keeper.ts';
import { type ConnectorCounters, connectorCounters } from '../metrics.ts';
import type {
  BindState,
  CarrierInbound,
  CarrierReceipt,
  Connector,
  ConnectorHealth,
  ConnectorTraits,
  Lane,
  PartOutcome,
  PartToSubmit,
} from '../port.ts';
import type { MessageIds } from '../receipts/message-ids.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import { backOffMs } from './back-off.ts';
import { BindSlot } from './bind-slot.ts';
import { deliveryHandlers } from './delivery-handlers.ts';
import { dial } from './dial.ts';
import { outcomeOf, StatusTable } from './outcome-of.ts';
import { PartRate } from './part-rate.ts';
import { PartRateMeter } from './part-rate-meter.ts';
import { SubmitWriter } from './submit-pdu.ts';

/** Parts given to `submit` beyond the capacity wait, up to this many windows; the rest comes back at once. */
const WAITING_WINDOWS_MAX = 2;
/** Parts written to one bind before the next one is looked at. */
const RUN_MAX = 64;
/** A limited connector wakes for several parts together, not for each. */
const WAKE_MS_MIN = 10;
const NOT_SENT: PartOutcome = Object.freeze({ kind: 'not_sent' });

export interface SmppConnectorOptions {
  readonly id: string;
  readonly settings: ConnectorSettings;
  readonly password: string;
  readonly leases: LeaseKeeper;
  readonly ids: MessageIds;
  /** Where deliveries go; `settle(false)` makes the carrier send again. */
  readonly onReceipt: (receipt: CarrierReceipt, settle: (stored: boolean) => void) => void;
  readonly onInbound: (inbound: CarrierInbound, settle: (stored: boolean) => void) => void;
  /** Asked before every connection; a host it refuses is not called. */
  readonly hostAllowed?: (host: string) => boolean;
  /** How long `stop` waits for outstanding answers. */
  readonly drainMs?: number;
  /** For tests; what is left out follows from the settings. */
  readonly limits?: Partial<SessionLimits>;
  readonly timers?: SessionTimers;
  readonly backOff?: (failures: number, refused: boolean) => number;
}

export class SmppConnector implements Connector {
  readonly id: string;
  readonly name: string;
  readonly traits: ConnectorTraits;
  readonly #settings: ConnectorSettings;
  readonly #timers: SessionTimers;
  readonly #slots: readonly BindSlot[];
  readonly #queues = new LaneQueues();
  readonly #writer: SubmitWriter;
  readonly #statuses: StatusTable;
  readonly #rate: PartRate;
  readonly #meter: PartRateMeter;
  readonly #ids: MessageIds;
  readonly #counters: ConnectorCounters;
  readonly #listeners: (() => void)[] = [];
  /** Of each window, what only one-time codes may use. */
  readonly #reserve: number;
  #stopping = false;
  #stopped: Promise<void> | null = null;
  #lastError: string | null = null;
  #pumpScheduled = false;
  #wake: ReturnType<typeof setTimeout> | null = null;
  /** Whether somebody was told, or could have seen, that there is no room. */
  #fullForCodes = true;
  #fullForBulk = true;

  constructor(options: SmppConnectorOptions) {
    const { settings } = options;
    this.id = options.id;
    this.name = settings.name;
    this.traits = {
      defaultAlphabet: settings.defaultAlphabet === 'gsm7_packed' ? 'gsm7' : settings.defaultAlphabet,
      referenceBits: settings.longMessages === 'udh16' ? 16 : 8,
    };
    this.#settings = settings;
    this.#timers = options.timers ?? systemTimers;
    this.#writer = new SubmitWriter(settings);
    this.#statuses = new StatusTable(settings);
    this.#rate = new PartRate(settings.partsPerSecond, this.#timers.now());
    this.#meter = new PartRateMeter(this.#timers.now());
    this.#ids = options.ids;
    this.#counters = connectorCounters(settings.name);
    this.#reserve = Math.min(settings.otpWindowReserve, settings.windowSize - 1);
    const deliveries = deliveryHandlers(options, this.#counters);
    this.#slots = Array.from(
      { length: settings.binds },
      (_, slot) =>
        new BindSlot({
          connectorId: options.id,
          slot,
          settings,
          password: options.password,
          leases: options.leases,
          limits: {
            windowMax: settings.windowSize,
            responseTimeoutMs: settings.responseTimeoutSeconds * 1_000,
            enquireLinkMs: settings.enquireLinkSeconds * 1_000,
            sessionInitMs: BIND_ANSWER_MS,
            drainMs: options.drainMs ?? DRAIN_MS,
            ...options.limits,
          },
          timers: this.#timers,
          dial: async (signal) => {
            if (options.hostAllowed?.(settings.host) === false)
              throw Object.assign(new Error('the host is not declared'), { code: 'HOST_NOT_DECLARED' });
            return dial(settings, signal);
          },
          backOff: options.backOff ?? ((failures, refused) => backOffMs(failures, refused)),
          handlers: { ...deliveries, onWindow: () => this.#schedulePump() },
          onState: (changed, state, before) => this.#slotChanged(changed, state, before),
        }),
    );
  }

  get health(): ConnectorHealth {
    const now = this.#timers.now();
    let bindsBound = 0;
    let windowUsed = 0;
    for (const slot of this.#slots) {
      const session = slot.transmit;
      if (session === null) continue;
      bindsBound += 1;
      windowUsed += session.openRequests;
    }
    return {
      state: this.#stateOf(bindsBound, now),
      bindsBound,
      bindsConfigured: this.#settings.binds,
      windowUsed,
      windowMax: bindsBound * this.#settings.windowSize,
      waiting: this.#queues.size,
      partsPerSecondLimit: this.#rate.limit,
      partsPerSecond: this.#meter.rate(now),
      throttledForMs: this.#rate.pausedForMs(now),
      lastError: this.#lastError,
      binds: this.#slots.map((slot) => slot.health),
    };
  }

  capacity(lane: Lane): number {
    const room = this.#room(lane);
    if (room === 0) {
      if (lane === 'otp') this.#fullForCodes = true;
      else this.#fullForBulk = true;
      this.#wakeLater();
    }
    return room;
  }

  onCapacity(listener: () => void): void {
    this.#listeners.push(listener);
  }

  submit(parts: readonly PartToSubmit[], onOutcome: OnOutcome): void {
    const waitingMax = this.#waitingMax();
    for (const part of parts) {
      const waiting = new WaitingPart(part, onOutcome);
      if (this.#queues.size < waitingMax) this.#queues.add(waiting);
      // Codes are few and short-lived: bulk that filled the queue must not turn them away.
      else if (part.lane === 'otp' && this.#queues.sizeOf('otp') < waitingMax) this.#queues.add(waiting);
      else queueMicrotask(() => this.#settle(waiting, NOT_SENT));
    }
    this.#schedulePump();
  }

  /** Takes nothing more, returns what waits, lets outstanding answers come within the drain limit, and unbinds. */
  stop(): Promise<void> {
    this.#stopping = true;
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    this.#returnWaiting();
    await Promise.all(this.#slots.map((slot) => slot.stop()));
    if (this.#wake !== null) clearTimeout(this.#wake);
  }

  #stateOf(bindsBound: number, nowMs: number): ConnectorHealth['state'] {
    if (this.#stopping) return 'stopped';
    if (bindsBound === 0)
      return this.#slots.every(({ state }) => state === 'leased_elsewhere') ? 'standby' : 'connecting';
    if (this.#rate.slowed || this.#rate.pausedForMs(nowMs) > 0) return 'throttled';
    const ours = this.#slots.filter(({ state }) => state !== 'leased_elsewhere').length;
    return bindsBound < ours ? 'partly_bound' : 'bound';
  }

  #waitingMax(): number {
    if (this.#stopping) return 0;
    let bound = 0;
    for (const slot of this.#slots) if (slot.transmit !== null) bound += 1;
    return bound * this.#settings.windowSize * WAITING_WINDOWS_MAX;
  }

  #room(lane: Lane): number {
    if (this.#stopping) return 0;
    const codes = lane === 'otp';
    const available = this.#rate.available(this.#timers.now());
    if (available <= 0 && (!codes || this.#rate.pausedForMs(this.#timers.now()) > 0)) return 0;
    let window = 0;
    for (const slot of this.#slots) {
      const session = slot.transmit;
      if (session !== null) window += Math.max(0, session.windowFree - (codes ? 0 : this.#reserve));
    }
    // Codes may wait a burst ahead of their turn, for they take the next one; bulk takes only what can go now.
    const allowed = codes ? available + this.#rate.burst : available;
    const waiting = codes ? this.#queues.sizeOf('otp') : this.#queues.size;
    return Math.max(0, Math.min(window, allowed) - waiting);
  }

  /** Coalesces: answers and windows come by the hundred in one turn. */
  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    queueMicrotask(this.#pumpNow);
  }

  readonly #pumpNow = (): void => {
    this.#pumpScheduled = false;
    this.#pump();
    this.#announceRoom();
  };

  #pump(): void {
    while (this.#queues.size > 0) {
      const now = this.#timers.now();
      const allowed = this.#rate.available(now);
      if (allowed <= 0) {
        this.#wakeLater();
        return;
      }
      if (this.#runOf(allowed, now) === 0) return;
    }
  }

  /** Writes up to a run of parts to the bind with the most room; how many were taken out of the queues. */
  #runOf(allowed: number, nowMs: number): number {
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
    if (typeof pdu === 'string') {
      this.#queues.drop(lane);
      this.#settle(waiting, refusedHere(pdu));
      return 'refused';
    }
    try {
      const sequence = session.submit(pdu, (ended) => {
        const outcome = outcomeOf(ended, this.#statuses);
        this.#heed(outcome, slot);
        this.#settle(waiting, outcome);
        this.#schedulePump();
      });
      if (sequence === 0) return 'no_room';
    } catch (error) {
      // Nothing was sent. A value that does not fit its field is the part's fault, anything else is ours.
      this.#queues.drop(lane);
      if (!(error instanceof FieldError)) log.error('carriers.submit_failed', { error });
      this.#settle(waiting, refusedHere('LOCAL_FIELD'));
      return 'refused';
    }
    this.#queues.drop(lane);
    this.#rate.spend();
    this.#meter.add(nowMs);
    return 'written';
  }

  /** What an outcome says about the connector, beyond the part. */
  #heed(outcome: PartOutcome, slot: BindSlot): void {
    switch (outcome.kind) {
      case 'accepted':
        this.#rate.accepted();
        return;
      case 'refused': {
        this.#lastError = outcome.errorCode;
        const kind = this.#statuses.classOf(outcome.status);
        if (outcome.severity === 'throttled') this.#tooFast();
        else if (kind === 'bind') slot.rebind(outcome.errorCode);
        return;
      }
      case 'unknown':
        this.#lastError = outcome.reason === 'timeout' ? 'response_timeout' : 'link_lost';
        // Who does not answer in time does not keep up: sending on at full speed would only make more of the unknown.
        if (outcome.reason === 'timeout') this.#tooFast();
        return;
      case 'not_sent':
        return;
    }
  }

  #tooFast(): void {
    const now = this.#timers.now();
    this.#rate.tooFast(now, this.#meter.latest(now));
  }

  #settle(waiting: WaitingPart, outcome: PartOutcome): void {
    this.#count(outcome);
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

  #count(outcome: PartOutcome): void {
    const counters = this.#counters;
    switch (outcome.kind) {
      case 'accepted':
        return counters.accepted.add();
      case 'refused':
        if (outcome.severity === 'permanent') return counters.refused.add();
        return outcome.severity === 'throttled' ? counters.throttled.add() : counters.deferred.add();
      case 'unknown':
        return outcome.reason === 'timeout' ? counters.timeout.add() : counters.lost.add();
      case 'not_sent':
        return counters.notSent.add();
    }
  }

  /** Nobody is left to write: what waits was never written. */
  #returnWaiting(): void {
    for (const waiting of this.#queues.takeAll()) queueMicrotask(() => this.#settle(waiting, NOT_SENT));
  }

  #slotChanged(slot: BindSlot, state: BindState, before: BindState): void {
    const { lastError } = slot.health;
    const fields = { connector: word(this.name), bind: slot.slot };
    if (state === 'bound') {
      this.#counters.bound.add();
      log.info('carriers.bound', fields);
      this.#schedulePump();
      return;
    }
    if (state === 'waiting') {
      if (lastError !== null) this.#lastError = lastError;
      if (before === 'connecting') this.#counters.bindFailed.add();
      else this.#counters.ended.add();
      log.warn('carriers.unbound', { ...fields, reason: word(lastError ?? 'unknown') });
    }
    if (this.#queues.size > 0 && this.#slots.every(({ state: one }) => one !== 'bound'))
      this.#returnWaiting();
  }

  /** Comes back when the rate lets the next parts through, if anybody waits for that. */
  #wakeLater(): void {
    if (this.#wake !== null || this.#stopping) return;
    const waitMs = this.#rate.waitMs(this.#timers.now());
    if (waitMs === 0) return;
    this.#wake = setTimeout(
      () => {
        this.#wake = null;
        this.#schedulePump();
      },
      Math.max(WAKE_MS_MIN, waitMs),
    );
    this.#wake.unref();
  }

  /** Tells the listeners when a lane that had no room has some. */
  #announceRoom(): void {
    const codes = this.#grown('otp', this.#fullForCodes);
    const bulk = this.#grown('marketing', this.#fullForBulk);
    if (!codes && !bulk) return;
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        log.error('carriers.capacity_listener_failed', { error });
      }
    }
  }

  #grown(lane: Lane, wasFull: boolean): boolean {
    const full = this.#room(lane) === 0;
    if (lane === 'otp') this.#fullForCodes = full;
    else this.#fullForBulk = full;
    if (full) this.#wakeLater();
    return wasFull && !full;
  }
}

/** How long the answer to a bind may take. */
const BIND_ANSWER_MS = 10_000;
const DRAIN_MS = 5_000;

const refusedHere = (errorCode: string): PartOutcome => ({
  kind: 'refused',
  status: 0,
  errorCode,
  severity: 'permanent',
});
