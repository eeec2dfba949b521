// One run: a world of its own, scenarios in drawn order, rest after each, and the truths compared after each and,
// with all waiting over, at the end.
import type { Report } from './check.ts';
import { Dice } from './dice.ts';
import type { Scenario } from './scenario.ts';
import type { Violation } from './violation.ts';
import { World } from './world.ts';

export interface RunOptions {
  readonly seed: number;
  readonly scenarios: readonly Scenario[];
  readonly strength?: number;
  /** A changed copy of the server's source. */
  readonly source?: string;
  /** Leaves what was logged behind when the run failed. */
  readonly keep?: boolean;
  /** Told after each scenario. */
  readonly onScenario?: (name: string, seconds: number, report: Report) => void;
}

export interface RunResult {
  readonly seed: number;
  readonly report: Report;
  /** Seconds of every recovery that was measured, ascending. */
  readonly recoveries: readonly number[];
  /** What broke the run itself; the report then says how things stood. */
  readonly failure: unknown;
}

/** True when nothing was found. */
export const isClean = (result: RunResult): boolean =>
  result.failure === null && result.report.violations.length === 0;

/** Rejects when the world cannot be made, or cannot be brought up again to be looked at. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, scenarios, strength = 1 } = options;
  const dice = new Dice(seed);
  const world = await World.create({
    seed,
    ...(options.source === undefined ? {} : { source: options.source }),
  });
  let failure: unknown = null;
  let clean = false;
  try {
    let report: Report | null = null;
    for (const scenario of dice.branch('order').shuffled(scenarios)) {
      const startedMs = performance.now();
      try {
        await scenario.run(world, dice.branch(scenario.name), strength);
      } catch (error) {
        failure = new Error(`${scenario.name} broke off`, { cause: error });
        // What stands is looked at all the same, which takes a server that sets right what it can.
        if (!world.server.alive) await world.restart();
      }
      await world.quiesce();
      report = await world.check();
      options.onScenario?.(scenario.name, (performance.now() - startedMs) / 1000, report);
      if (failure !== null || report.violations.length > 0) break;
    }
    const found = report?.violations ?? [];
    if (failure === null && found.length === 0) {
      await world.settle();
      report = await world.check();
    }
    if (world.looks === 0) failure ??= new Error('the states were never looked at');
    if (report === null) throw new Error('a run needs scenarios');
    clean = failure === null && report.violations.length === 0;
    return { seed, report, recoveries: world.recoveries.toSorted((a, b) => a - b), failure };
  } finally {
    await world.end(!clean && options.keep === true);
  }
}

/** The first violations as lines, with the seed to repeat them by. */
export function explain(result: RunResult, most = 20): string {
  const lines = result.report.violations
    .slice(0, most)
    .map(({ kind, what }: Violation) => `  ${kind}: ${what}`);
  const more = result.report.violations.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more`);
  if (result.failure !== null) lines.push(`  broken off: ${reasonOf(result.failure)}`);
  return [`seed ${result.seed}: ${result.report.violations.length} violations`, ...lines].join('\n');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
