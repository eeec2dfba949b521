// One run of our server: its processes, started in order, and the counts that say whether all is well at the end.
import { type LoadGenerator, startLoadGenerator } from '../load/load-generator.ts';
import type { Child } from './children.ts';
import { cpuSeconds, cpuSecondsOfTree } from './cpu-use.ts';
import { type RunningSmsc, type SmscOptions, startSmscProcess } from './smsc.ts';
import { connectSotto, type SottoServer, startSotto } from './sotto-server.ts';
import { waitFor } from './waiting.ts';
import { type RunningDatabase, removeSocketFolder, type Workshop } from './workshop.ts';

export interface SottoRun {
  readonly smsc: RunningSmsc;
  readonly sotto: SottoServer;
  readonly database: RunningDatabase;
  readonly load: LoadGenerator;
  readonly connectorId: string;
}

export interface SottoRunOptions {
  readonly smsc?: (folder: string) => SmscOptions;
  readonly connector?: Readonly<Record<string, unknown>>;
  readonly nodeOptions?: readonly string[];
  /** Settings and other variables of the server's environment, for the run's folder. */
  readonly settings?: (folder: string) => Readonly<Record<string, string>>;
  /** Called with the run's folder before the server starts in it. */
  readonly prepare?: (folder: string) => Promise<void>;
}

const BIND_LIMIT_MS = 15_000;

/** Runs `work` over freshly started processes and ends them. */
export function withSotto<T>(
  workshop: Workshop,
  options: SottoRunOptions,
  work: (run: SottoRun, folder: string) => Promise<T>,
): Promise<T> {
  return workshop.inFolder(async (folder) => {
    const { children, root } = workshop;
    await options.prepare?.(folder);
    const smsc = await startSmscProcess(children, options.smsc?.(folder));
    const { nodeOptions = [], settings } = options;
    const sotto = await startSotto(children, {
      root,
      folder,
      nodeOptions,
      settings: settings?.(folder) ?? {},
    });
    const database = await workshop.database.adopt(sotto.dataDir);
    try {
      const connectorId = await connectSotto(sotto, smsc.port, options.connector);
      if (options.connector?.enabled !== false) await untilBound(smsc);
      const load = await startLoadGenerator(children);
      return await work({ smsc, sotto, database, load, connectorId }, folder);
    } catch (error) {
      throw failedRun(error, sotto.child);
    } finally {
      await sotto.stop();
      await removeSocketFolder(database.url);
    }
  });
}

/** A failure with what the server had to say: it is the likelier culprit. */
export function failedRun(cause: unknown, server: Child): Error {
  const reason =
    cause instanceof Error ? [cause.message, cause.cause].filter(Boolean).join(': ') : String(cause);
  return new Error(`${reason}. ${server.complaint()}`, { cause });
}

export async function untilBound(smsc: RunningSmsc, binds = 1): Promise<void> {
  const bound = await waitFor(
    async () => ((await smsc.counts()).binds >= binds ? true : undefined),
    BIND_LIMIT_MS,
    50,
  );
  if (!bound) throw new Error('nobody bound to the SMSC in time');
}

/** Seconds of processor time since the start of each process; null where the system does not tell. */
export interface CpuUse {
  readonly server: number | null;
  readonly database: number | null;
  readonly smsc: number | null;
  readonly load: number | null;
}

export const cpuOf = (run: SottoRun): CpuUse => ({
  server: cpuSeconds(run.sotto.child.pid),
  database: cpuSecondsOfTree(run.database.pid),
  smsc: cpuSeconds(run.smsc.pid),
  load: cpuSeconds(run.load.pid),
});

export const cpuBetween = (before: CpuUse, after: CpuUse): CpuUse => ({
  server: difference(before.server, after.server),
  database: difference(before.database, after.database),
  smsc: difference(before.smsc, after.smsc),
  load: difference(before.load, after.load),
});

const difference = (before: number | null, after: number | null): number | null =>
  before === null || after === null ? null : Math.round((after - before) * 100) / 100;
