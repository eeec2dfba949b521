// One slot of a connector over time.
//
//   leased_elsewhere --lease granted--> connecting --bound--> bound --session ended--> waiting --back-off--> connecting
//   connecting --refused or failed--> waiting
//   any --lease lost--> leased_elsewhere        the socket is destroyed, nothing more is written
//   any --stop--> draining --> closed           outstanding answers, unbind, FIN; then the lease is given back
import type { Socket } from 'node:net';
import type { ClientSession, SessionLimits, SessionTimers } from '@sotto/smpp';
import { pause } from '#platform/clock';
import type { BindLease, LeaseClaim, LeaseKeeper } from '../leases/lease-keeper.ts';
import type { BindHealth, BindState } from '../port.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import { BindFailure, BoundLink, type LinkHandlers } from './bound-link.ts';
import { fence } from './fence.ts';

/** A session that lasted this long was a good one: the next failure counts as the first. */
const STABLE_MS = 10_000;

export interface SlotOptions {
  readonly connectorId: string;
  readonly slot: number;
  readonly settings: ConnectorSettings;
  readonly password: string;
  readonly leases: LeaseKeeper;
  readonly limits: Partial<SessionLimits>;
  readonly timers: SessionTimers;
  readonly dial: (signal: AbortSignal) => Promise<Socket>;
  /** Milliseconds before the next attempt after so many failures in a row. */
  readonly backOff: (failures: number, refused: boolean) => number;
  readonly handlers: LinkHandlers;
  /** The state has changed, by whatever. */
  readonly onState: (slot: BindSlot, state: BindState, before: BindState) => void;
}

export class BindSlot {
  readonly slot: number;
  readonly #options: SlotOptions;
  readonly #stop = new AbortController();
  readonly #claim: LeaseClaim;
  #state: BindState = 'leased_elsewhere';
  #lease: BindLease | null = null;
  #link: BoundLink | null = null;
  #running: Promise<void> = Promise.resolve();
  /** Ends the attempt under way when the lease is lost. */
  #attempt = new AbortController();
  #bounds = 0;
  #failures = 0;
  #lastError: string | null = null;

  constructor(options: SlotOptions) {
    this.slot = options.slot;
    this.#options = options;
    this.#claim = options.leases.want(options.connectorId, options.slot, {
      onGranted: (lease) => this.#granted(lease),
      onLost: () => this.#lostLease(),
    });
  }

  get state(): BindState {
    return this.#state;
  }

  /** Where submissions go; null unless bound and allowed to write at this moment. */
  get transmit(): ClientSession | null {
    if (this.#link === null || this.#state !== 'bound') return null;
    if (this.#lease?.isValid() === true) return this.#link.transmit;
    this.#lostLease();
    return null;
  }

  get health(): BindHealth {
    return {
      slot: this.slot,
      state: this.#state,
      bounds: this.#bounds,
      failures: this.#failures,
      lastError: this.#lastError,
    };
  }

  /** The carrier answered as if this session were not bound: bind again, after the answers that are on their way. */
  rebind(reason: string): void {
    if (this.#state !== 'bound') return;
    this.#lastError = reason;
    this.#setState('draining');
    void this.#link?.unbind(this.#drainMs);
  }

  /** Leaves in order within the drain limit and gives the lease back. Takes no submissions from now on. */
  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return this.#running;
    this.#setState('draining');
    const left = this.#link?.unbind(this.#drainMs);
    this.#stop.abort(new Error('stopping'));
    this.#attempt.abort(this.#stop.signal.reason);
    await left;
    await this.#running;
    await this.#claim.giveUp();
    this.#setState('closed');
  }

  get #drainMs(): number {
    return this.#options.limits.drainMs ?? 5_000;
  }

  #granted(lease: BindLease): void {
    this.#lease = lease;
    if (this.#stop.signal.aborted) return;
    // The loop of the lease before has seen its end and is on its way out.
    this.#running = this.#running.then(() => this.#bindWhile(lease));
  }

  #lostLease(): void {
    if (this.#lease === null) return;
    this.#lease = null;
    this.#lastError = 'LEASE_LOST';
    this.#attempt.abort(new Error('the lease has ended'));
    this.#link?.close('the lease has ended');
    if (!this.#stop.signal.aborted) this.#setState('leased_elsewhere');
  }

  /** Binds again and again for as long as this lease is ours. Never rejects. */
  async #bindWhile(lease: BindLease): Promise<void> {
    while (this.#lease === lease && !this.#stop.signal.aborted) {
      this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      const refused = await this.#bindOnce(lease, signal);
      if (this.#lease !== lease || this.#stop.signal.aborted) return;
      this.#setState('waiting');
      await pause(this.#options.backOff(this.#failures, refused), signal).catch(() => undefined);
    }
  }

  /** One attempt and, if it succeeds, the life of its link. True when the carrier refused. */
  async #bindOnce(lease: BindLease, signal: AbortSignal): Promise<boolean> {
    const { settings, password, limits, timers, handlers, dial } = this.#options;
    this.#setState('connecting');
    let link: BoundLink;
    try {
      link = await BoundLink.open({
        settings,
        password,
        limits,
        timers,
        handlers,
        signal,
        dial: async () => fence(await dial(signal), () => lease.isValid()),
      });
    } catch (error) {
      this.#failures += 1;
      if (!signal.aborted) this.#lastError = error instanceof BindFailure ? error.reason : 'INVALID_SETTINGS';
      return error instanceof BindFailure && error.refused;
    }
    this.#link = link;
    const boundMs = timers.now();
    if (this.#stop.signal.aborted) void link.unbind(this.#drainMs);
    else if (this.#lease !== lease) link.close('the lease has ended');
    else {
      this.#bounds += 1;
      this.#lastError = null;
      this.#setState('bound');
    }
    const reason = await link.ended();
    this.#link = null;
    this.#lastError ??= reason;
    this.#failures = timers.now() - boundMs >= STABLE_MS ? 1 : this.#failures + 1;
    return false;
  }

  #setState(state: BindState): void {
    const before = this.#state;
    if (before === state) return;
    this.#state = state;
    this.#options.onState(this, state, before);
  }
}
