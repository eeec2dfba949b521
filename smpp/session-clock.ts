// The timers of a session (SMPP 3.4 §7.2), all behind one tick: what is due is asked, not scheduled.
import type { SessionState, Side } from './session-state.ts';
import type { SessionLimits } from './session-types.ts';

/** Timers are looked at this many times within the shortest of them. */
const TICKS_PER_TIMER = 4;
const TICK_MS_MAX = 1_000;
const TICK_MS_MIN = 10;

/** What the time asks for: nothing, the end of a drain, an end for want of a bind, a probe, an unbind for idleness. */
export type DueStep = 'nothing' | 'drained' | 'bind_timeout' | 'probe' | 'idle';

export class SessionClock {
  readonly #limits: SessionLimits;
  readonly #side: Side;
  readonly #openedMs: number;
  #receivedMs: number;
  #requestMs: number;
  #drainDeadlineMs = Number.POSITIVE_INFINITY;

  constructor(limits: SessionLimits, side: Side, nowMs: number) {
    this.#limits = limits;
    this.#side = side;
    this.#openedMs = this.#receivedMs = this.#requestMs = nowMs;
  }

  /** Any octet of the peer shows that it lives. */
  received(nowMs: number): void {
    this.#receivedMs = nowMs;
  }

  /** A request other than enquire_link went one way or the other. */
  requested(nowMs: number): void {
    this.#requestMs = nowMs;
  }

  /** A drain, or the wait for the peer's FIN, begins. */
  drain(nowMs: number): void {
    this.#drainDeadlineMs = nowMs + this.#limits.drainMs;
  }

  stopDrain(): void {
    this.#drainDeadlineMs = Number.POSITIVE_INFINITY;
  }

  /** The one step that is due; `quiet` says that no request of ours waits for an answer. */
  due(nowMs: number, state: SessionState, quiet: boolean): DueStep {
    const { sessionInitMs, enquireLinkMs, inactivityMs } = this.#limits;
    if (nowMs >= this.#drainDeadlineMs) return 'drained';
    if (state === 'open') {
      // A client's wait for its bind has its own timer; before that it may wait for an outbind as long as it likes.
      return this.#side === 'smsc' && nowMs - this.#openedMs >= sessionInitMs ? 'bind_timeout' : 'nothing';
    }
    if (inactivityMs > 0 && nowMs - this.#requestMs >= inactivityMs && quiet) return 'idle';
    if (enquireLinkMs > 0 && nowMs - this.#receivedMs >= enquireLinkMs) return 'probe';
    return 'nothing';
  }
}

/** How often to look. */
export function tickMs(limits: SessionLimits): number {
  const { responseTimeoutMs, enquireLinkMs, sessionInitMs, inactivityMs, drainMs } = limits;
  const timers = [responseTimeoutMs, enquireLinkMs, sessionInitMs, inactivityMs, drainMs];
  const shortest = Math.min(...timers.filter((ms) => ms > 0));
  return Math.min(TICK_MS_MAX, Math.max(TICK_MS_MIN, Math.floor(shortest / TICKS_PER_TIMER)));
}
