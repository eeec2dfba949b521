// `sotto bench`: measures this checkout. Lends the bench what only the server knows: how its database is started.
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BenchOptions, BenchResult, DatabaseAccess, Measure } from '@sotto/bench';
import type { Command } from 'commander';
import type { Config } from '#platform/config';
import { EXIT_FAILED, type Shell, UsageFault } from '../shell.ts';

/** What the command line says, as text. */
interface Flags {
  readonly only?: string;
  readonly peer?: string;
  readonly runs: string;
  readonly seconds: string;
  readonly seed?: string;
  readonly backlog: string;
  readonly directory: string;
  readonly json?: string | true;
  readonly writeDocs?: true;
  readonly complete?: string;
  readonly profile?: string;
}

const ROOT = resolve(import.meta.dirname, '..', '..', '..', '..');
const PAGE = join(ROOT, 'docs', 'benchmarks.md');
const SEED_MAX = 2 ** 31;
const BACKLOG_MAX = 9_000_000;

export function addBench(program: Command, shell: Shell): void {
  program
    .command('bench')
    .description('measure this checkout: throughput end to end, latency, codec, deep queue')
    .option(
      '--only <measures>',
      'some of: singles, batch, limit, latency, codec, otp, backlog, expiry, boot, privacy, shred, sign-in, notices',
    )
    .option('--peer <name>', 'kannel: run it in turns with ours, on the same SMSC and load')
    .option('--runs <count>', 'rounds of the throughput measures', '5')
    .option('--seconds <count>', 'length of each load', '10')
    .option('--seed <number>', 'repeats the arrival times of an earlier run')
    .option('--backlog <count>', 'messages of the deep queue, and of those whose content ends', '1000000')
    .option('--directory <folder>', 'where data directories are made and removed; a real disk', tmpdir())
    .option('--json [file]', 'answer in JSON, or write it to a file besides the table')
    .option(
      '--profile <folder>',
      'run singles and batch once more with the server profiled, into this folder',
    )
    .option('--write-docs', 'write the table to docs/benchmarks.md')
    .option('--complete <file>', 'take measures left out from the JSON of an earlier run on this machine')
    .action(async (flags: Flags) => {
      const { completedBy, faultsOf, markdownTable, rowsOf, runBench, withFigures, MEASURES } = await import(
        '@sotto/bench'
      );
      const earlier = flags.complete === undefined ? null : await readResult(flags.complete);
      const measured: BenchResult = await interruptible((signal) =>
        runBench({ ...readFlags(flags, MEASURES), ...surroundings(shell), signal }),
      );
      const { result, fromEarlier } = earlier
        ? completedBy(measured, earlier)
        : { result: measured, fromEarlier: [] };
      const faults = faultsOf(result);
      const json = JSON.stringify({ ...result, faults }, null, 2);
      shell.out(flags.json === true ? json : markdownTable(rowsOf(result)));
      if (typeof flags.json === 'string') await writeFile(resolve(flags.json), `${json}\n`);
      if (flags.writeDocs)
        await writeFile(PAGE, withFigures(await readFile(PAGE, 'utf8'), result, fromEarlier));
      for (const fault of faults) shell.note(`FAULT ${fault}`);
      if (faults.length > 0) shell.setExitCode(EXIT_FAILED);
    });
}

/** What `--json <file>` of an earlier run wrote. Read before anything is measured. */
async function readResult(file: string): Promise<BenchResult> {
  const result: unknown = await readFile(resolve(file), 'utf8').then(JSON.parse, () => null);
  if (typeof result === 'object' && result !== null && 'machine' in result && 'singles' in result)
    return result as BenchResult;
  throw new UsageFault('--complete names a file that an earlier run wrote with --json');
}

/** Ctrl-C ends the measures in order: processes stopped, folders removed. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(interrupted.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

const surroundings = (shell: Shell): Pick<BenchOptions, 'root' | 'database' | 'say'> => ({
  root: ROOT,
  database: databaseAccess(shell.readConfig()),
  say: shell.note,
});

/** The embedded database as `start` runs it: the same settings, durability on. */
export function databaseAccess(config: Config): DatabaseAccess {
  const start = async (dataDir: string) => {
    const { startEmbedded } = await import('#platform/embedded');
    const settings = { shared_buffers: `${config.embeddedSharedBuffersMb}MB` };
    return startEmbedded({ dataDir, settings });
  };
  return {
    adopt: start,
    async start(dataDir) {
      const { migrate } = await import('#platform/migrate');
      const database = await start(dataDir);
      await migrate(database.url);
      return database;
    },
  };
}

function readFlags(flags: Flags, measures: readonly Measure[]) {
  return {
    directory: resolve(flags.directory),
    profileFolder: flags.profile === undefined ? null : resolve(flags.profile),
    only: measuresOf(flags.only, measures),
    peer: isPeerWanted(flags.peer),
    runs: whole('--runs', flags.runs, 1, 100),
    seconds: whole('--seconds', flags.seconds, 1, 600),
    seed:
      flags.seed === undefined
        ? Math.floor(Math.random() * SEED_MAX)
        : whole('--seed', flags.seed, 0, SEED_MAX),
    backlog: whole('--backlog', flags.backlog, 1_000, BACKLOG_MAX),
  };
}

function measuresOf(text: string | undefined, measures: readonly Measure[]): readonly Measure[] {
  if (text === undefined) return measures;
  return text.split(',').map((name) => {
    const found = measures.find((measure) => measure === name.trim());
    if (!found) throw new UsageFault(`--only knows ${measures.join(', ')}, and not "${name}"`);
    return found;
  });
}

function isPeerWanted(text: string | undefined): boolean {
  if (text === undefined || text === 'kannel') return text !== undefined;
  throw new UsageFault(`--peer knows kannel, and not "${text}"`);
}

function whole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new UsageFault(`${flag} must be a whole number from ${least} to ${most}`);
}
