// Start in order, stop in reverse, within a limit. A stop drains: each component finishes what it has begun, then
// the ones it stands on stop. A second signal means now.
//
//   new --start--> starting --all up--> running --stop--> stopping --> stopped
//                  starting --one fails--> stopping (what was up) --> stopped
import { monotonicMs, pause } from './clock.ts';
import { log, word } from './log.ts';

export interface Component {
  readonly name: string;
  /** Resolves when it is up. A component that fails stops the start. */
  start?(): Promise<void> | void;
  /** Finishes what it has begun, at most `limitMs`, which is what is left of the drain. */
  stop?(limitMs: number): Promise<void> | void;
}

export interface LifecycleOptions {
  /** Longest time from the first signal to the end; 25 s when absent. */
  readonly drainLimitMs?: number;
  /** Ends the process; replaced in tests. */
  readonly exit?: (code: number) => void;
  /** Where signals come from; replaced in tests. */
  readonly signals?: {
    on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
    off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  };
}

const DRAIN_LIMIT_MS = 25_000;
/** A component whose turn comes after the limit still gets this long, so that the database ends cleanly. */
const LAST_CHANCE_MS = 1_000;
const FORCED = 130;

export type LifecycleState = 'new' | 'starting' | 'running' | 'stopping' | 'stopped';

export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #components: Component[] = [];
  readonly #up: Component[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #state: LifecycleState = 'new';
  #underway: Promise<void> | undefined;
  #stopping: Promise<boolean> | undefined;

  constructor(options: LifecycleOptions = {}) {
    this.#options = options;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** Adds a component; it starts after the ones before it and stops before them. */
  add(component: Component): this {
    this.#components.push(component);
    return this;
  }

  /** Starts all in order. When one fails, what is up is stopped again and its failure thrown. */
  async start(): Promise<void> {
    if (this.#state !== 'new') throw new Error('a lifecycle starts once');
    this.#state = 'starting';
    for (const component of this.#components) {
      // A signal during the start ends it between two components.
      if (this.#stopping) return;
      const startedMs = monotonicMs();
      try {
        this.#underway = this.#bring(component);
        await this.#underway;
      } catch (error) {
        await this.stop();
        throw error;
      }
      log.debug('lifecycle.started', {
        component: word(component.name),
        durationMs: monotonicMs() - startedMs,
      });
    }
    if (!this.#stopping) this.#state = 'running';
  }

  /**
   * Stops all in reverse order within the limit; safe to repeat. True when everything stopped cleanly, false
   * when a component failed or was late: it is left behind and the others still stop.
   */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  /** Starts, waits for SIGTERM or SIGINT, stops. A second signal ends the process at once with code 130. */
  async run(): Promise<boolean> {
    const signals = this.#options.signals ?? process;
    const exit = this.#options.exit ?? ((code: number) => process.exit(code));
    const onSignal = () => {
      if (this.#stopping) return exit(FORCED);
      void this.stop();
    };
    signals.on('SIGTERM', onSignal);
    signals.on('SIGINT', onSignal);
    try {
      await this.start();
      await this.#ended.promise;
      return await this.stop();
    } finally {
      signals.off('SIGTERM', onSignal);
      signals.off('SIGINT', onSignal);
    }
  }

  async #bring(component: Component): Promise<void> {
    await component.start?.();
    this.#up.push(component);
  }

  async #stopAll(): Promise<boolean> {
    this.#state = 'stopping';
    // What is half up needs what it stands on: it comes up first, then goes down in its turn.
    await this.#underway?.catch(() => undefined);
    const endsMs = monotonicMs() + (this.#options.drainLimitMs ?? DRAIN_LIMIT_MS);
    let clean = true;
    for (let component = this.#up.pop(); component; component = this.#up.pop()) {
      const limitMs = Math.max(LAST_CHANCE_MS, endsMs - monotonicMs());
      clean = (await stopOne(component, limitMs)) && clean;
    }
    this.#state = 'stopped';
    this.#ended.resolve();
    return clean;
  }
}

async function stopOne(component: Component, limitMs: number): Promise<boolean> {
  const late = new AbortController();
  const startedMs = monotonicMs();
  try {
    const done = Promise.resolve(component.stop?.(limitMs)).then(() => true);
    const inTime = await Promise.race([done, pause(limitMs, late.signal).then(() => false)]);
    if (!inTime)
      log.warn('lifecycle.stop_late', { component: word(component.name), limitMs: Math.round(limitMs) });
    else
      log.debug('lifecycle.stopped', {
        component: word(component.name),
        durationMs: monotonicMs() - startedMs,
      });
    return inTime;
  } catch (error) {
    log.error('lifecycle.stop_failed', { component: word(component.name), error });
    return false;
  } finally {
    late.abort();
  }
}
