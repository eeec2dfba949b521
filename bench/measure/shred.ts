// How long it takes to destroy keys, durably: single ones against a bare write of the same size, and whole workspaces
// by number of keys and of rows. `sotto key-store measure` does it in a process of its own; nothing is read from its
// terminal but the times.
import { Samples } from '../load/samples.ts';
import { commandOf, placesIn, withoutSettings } from '../process/sotto-server.ts';
import type { Workshop } from '../process/workshop.ts';
import { type Estimate, estimateRatio, type Line, lineThrough, mean } from '../report/statistics.ts';

/** What the command answers with --json. */
export interface DestructionTimes {
  readonly singles: {
    /** By the key store. */
    readonly store: readonly number[];
    /** With the entry in the erasure log before. */
    readonly recorded: readonly number[];
    /** A bare write as large, and fdatasync. */
    readonly bare: readonly number[];
  };
  readonly workspaces: readonly WorkspaceTime[];
}

export interface WorkspaceTime {
  readonly keys: number;
  readonly rows: number;
  readonly ms: number;
  readonly shredded: number;
}

export interface Durations {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface ShredResult {
  readonly store: Durations;
  readonly recorded: Durations;
  readonly bare: Durations;
  readonly workspaces: readonly WorkspaceTime[];
  /** Milliseconds of a workspace against its number of keys, whatever its rows. */
  readonly byKeys: Line;
  readonly rowsFewest: number;
  readonly rowsMost: number;
  /** Time with the most rows over time with the fewest, of workspaces with equally many keys in the same round. */
  readonly byRows: Estimate;
}

export interface ShredOptions {
  /** Keys destroyed one by one. */
  readonly singles: number;
  readonly workspaceKeys: readonly number[];
  readonly workspaceRows: readonly number[];
  readonly rounds: number;
}

const LIMIT_MS = 900_000;

export function measureShred(workshop: Workshop, options: ShredOptions): Promise<ShredResult> {
  return workshop.inFolder(async (folder) => {
    const args = [
      ...[commandOf(workshop.root), 'key-store', 'measure', '--json'],
      ...['--keys', String(options.singles), '--rounds', String(options.rounds)],
      ...['--workspace-keys', options.workspaceKeys.join(',')],
      ...['--workspace-rows', options.workspaceRows.join(',')],
    ];
    const env = { ...withoutSettings(process.env), ...placesIn(folder) };
    const said = await workshop.children.run('key-store measure', process.execPath, args, LIMIT_MS, {
      cwd: folder,
      env,
    });
    return summarise(JSON.parse(said) as DestructionTimes);
  });
}

/** The sums of what was measured. Pure. */
export function summarise({ singles, workspaces }: DestructionTimes): ShredResult {
  const rows = workspaces.map((workspace) => workspace.rows);
  const [rowsFewest, rowsMost] = [Math.min(...rows), Math.max(...rows)];
  const withRows = (count: number) => workspaces.filter((workspace) => workspace.rows === count);
  const fewest = withRows(rowsFewest);
  return {
    store: durations(singles.store),
    recorded: durations(singles.recorded),
    bare: durations(singles.bare),
    workspaces,
    byKeys: lineThrough(workspaces.map(({ keys, ms }) => ({ x: keys, y: ms }))),
    rowsFewest,
    rowsMost,
    // Every round goes through the numbers of keys in the same order, so equal places are pairs.
    byRows: estimateRatio(withRows(rowsMost).map(({ ms }, at) => ms / fewest[at]!.ms)),
  };
}

function durations(times: readonly number[]): Durations {
  const samples = new Samples();
  for (const ms of times) samples.add(ms);
  const { count, p50Ms, p99Ms, maxMs } = samples.percentiles();
  return { count, meanMs: mean(times), p50Ms, p99Ms, maxMs };
}
