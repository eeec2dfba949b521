// The SMPP connector: the port over the slots of one connector.
import { isDeepStrictEqual } from 'node:util';
import { type SessionLimits, type SessionTimers, systemTimers } from '@sotto/smpp';
import { log, word } from '#platform/log';
import type { OnOutcome } from '../lane-queues.ts';
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
  LateAnswer,
  PartToSubmit,
} from '../port.ts';
import type { MessageIds } from '../receipts/message-ids.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import { traitsOf } from '../settings/traits.ts';
import { backOffMs } from './back-off.ts';
import { BindSlot } from './bind-slot.ts';
import type { LinkHandlers } from './bound-link.ts';
import { connectorHealth } from './connector-health.ts';
import { deliveryHandlers } from './delivery-handlers.ts';
import { dial } from './dial.ts';
import { PartFlow } from './part-flow.ts';

export interface SmppConnectorOptions {
  readonly id: string;
  readonly settings: ConnectorSettings;
  readonly password: string;
  readonly leases: LeaseKeeper;
  readonly ids: MessageIds;
  /** Where deliveries go; `settle(false)` makes the carrier send again. */
  readonly onReceipt: (receipt: CarrierReceipt, settle: (stored: boolean) => void) => void;
  readonly onInbound: (inbound: CarrierInbound, settle: (stored: boolean) => void) => void;
  /** An answer that came after its part had been given up. */
  readonly onLate?: (answer: LateAnswer) => void;
  /** Asked before every connection; a host it refuses is not called. */
  readonly hostAllowed?: (host: string) => boolean;
  /** How long `stop` waits for outstanding answers. */
  readonly drainMs?: number;
  /** For tests; what is left out follows from the settings. */
  readonly limits?: Partial<SessionLimits>;
  readonly timers?: SessionTimers;
  readonly backOff?: (failures: number, refused: boolean) => number;
}

/** How long the answer to a bind may take. */
const BIND_ANSWER_MS = 10_000;
const DRAIN_MS = 5_000;

export class SmppConnector implements Connector {
  readonly id: string;
  readonly name: string;
  readonly traits: ConnectorTraits;
  readonly #password: string;
  #settings: ConnectorSettings;
  readonly #timers: SessionTimers;
  readonly #counters: ConnectorCounters;
  readonly #flow: PartFlow;
  readonly #slots: readonly BindSlot[];
  #bindError: string | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: SmppConnectorOptions) {
    const { settings, ids } = options;
    this.id = options.id;
    this.name = settings.name;
    this.traits = traitsOf(settings);
    this.#settings = settings;
    this.#password = options.password;
    this.#timers = options.timers ?? systemTimers;
    this.#counters = connectorCounters(settings.name);
    this.#flow = new PartFlow({ settings, ids, timers: this.#timers, counters: this.#counters });
    this.#slots = this.#open(options);
    this.#flow.over(this.#slots);
  }

  get health(): ConnectorHealth {
    return connectorHealth({
      slots: this.#slots,
      settings: this.#settings,
      rate: this.#flow.rate,
      meter: this.#flow.meter,
      waiting: this.#flow.waiting,
      lastError: this.#flow.lastError ?? this.#bindError,
      stopping: this.#stopped !== null,
      nowMs: this.#timers.now(),
    });
  }

  capacity(lane: Lane): number {
    return this.#flow.capacity(lane);
  }

  onCapacity(listener: () => void): void {
    this.#flow.notice.listen(listener);
  }

  submit(parts: readonly PartToSubmit[], onOutcome: OnOutcome): void {
    this.#flow.add(parts, onOutcome);
  }

  /**
   * Takes a change of the settings up without binding anew, if it is one that can be: the rate, and what sessions know
   * nothing of. False when it needs another connector; then nothing has changed.
   */
  retune(settings: ConnectorSettings, password: string): boolean {
    if (password !== this.#password || !sameSessions(this.#settings, settings)) return false;
    if (settings.partsPerSecond !== this.#settings.partsPerSecond)
      this.#flow.limitTo(settings.partsPerSecond);
    this.#settings = settings;
    return true;
  }

  /**
   * Takes nothing more, returns what waits as not sent, lets outstanding answers come within the drain limit, unbinds
   * and gives the leases back. May be repeated. Never rejects.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#flow.end();
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }

  #open(options: SmppConnectorOptions): BindSlot[] {
    const { settings } = options;
    const deliveries = deliveryHandlers(options, this.#counters);
    const handlers: LinkHandlers = {
      onDeliver: deliveries.onDeliver,
      onWindow: () => this.#flow.schedule(),
      onEvent: (event, session) => {
        deliveries.onEvent(event);
        if (event.kind !== 'late_response') return;
        const late = this.#flow.lateAnswer(session, event.pdu);
        if (late !== null) options.onLate?.({ connectorId: options.id, ...late });
      },
    };
    const limits = {
      windowMax: settings.windowSize,
      responseTimeoutMs: settings.responseTimeoutSeconds * 1_000,
      enquireLinkMs: settings.enquireLinkSeconds * 1_000,
      sessionInitMs: BIND_ANSWER_MS,
      drainMs: options.drainMs ?? DRAIN_MS,
      ...options.limits,
    };
    const dialHost = async (signal: AbortSignal) => {
      if (options.hostAllowed?.(settings.host) === false)
        throw Object.assign(new Error('the host is not declared'), { code: 'HOST_NOT_DECLARED' });
      return dial(settings, signal);
    };
    return Array.from(
      { length: settings.binds },
      (_, slot) =>
        new BindSlot({
          connectorId: options.id,
          slot,
          settings,
          password: options.password,
          leases: options.leases,
          limits,
          timers: this.#timers,
          dial: dialHost,
          backOff: options.backOff ?? ((failures, refused) => backOffMs(failures, refused)),
          handlers,
          onState: (changed, state, before) => this.#slotChanged(changed, state, before),
        }),
    );
  }

  #slotChanged(slot: BindSlot, state: BindState, before: BindState): void {
    const { lastError } = slot.health;
    const fields = { connector: word(this.name), bind: slot.slot };
    if (state === 'bound') {
      this.#bindError = null;
      this.#counters.bound.add();
      log.info('carriers.bound', fields);
      this.#flow.schedule();
      return;
    }
    if (state === 'waiting') {
      this.#bindError = lastError;
      if (before === 'connecting') this.#counters.bindFailed.add();
      else this.#counters.ended.add();
      log.warn('carriers.unbound', { ...fields, reason: word(lastError ?? 'unknown') });
    }
    if (this.#slots.every((one) => one.state !== 'bound')) this.#flow.returnWaiting();
  }
}

/** Whether two settings differ in nothing but what can change under a running session. */
function sameSessions(before: ConnectorSettings, after: ConnectorSettings): boolean {
  const { partsPerSecond, upstreamRetentionDays } = before;
  return isDeepStrictEqual(before, { ...after, partsPerSecond, upstreamRetentionDays });
}
