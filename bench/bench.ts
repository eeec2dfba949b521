// The public face: which measures there are, in which order they run, and what they give.
import pg from 'pg';
import type { Percentiles } from './load/samples.ts';
import { measureBacklog } from './measure/backlog.ts';
import { checkMs, measureBoot, medianCheckMs, startsOf } from './measure/boot.ts';
import { type CodecResult, measureCodec } from './measure/codec.ts';
import { measureExpiry } from './measure/expiry.ts';
import { measureKannel } from './measure/kannel-throughput.ts';
import { LOAD_SHARE, measureLatency } from './measure/latency.ts';
import { type LimitResult, measureLimit } from './measure/limit.ts';
import { measureLoadCeiling } from './measure/load-ceiling.ts';
import { measureNotices } from './measure/notices.ts';
import { measureOneTimeCodes } from './measure/one-time-codes.ts';
import { measurePrivacy } from './measure/privacy-cost.ts';
import { describeProfile, profileSotto } from './measure/profile.ts';
import { measureShred } from './measure/shred.ts';
import { measureSignIn } from './measure/sign-in.ts';
import { measureSotto, type Throughput } from './measure/throughput.ts';
import { type DatabaseAccess, removeSocketFolder, Workshop } from './process/workshop.ts';
import { describeMachine, loadAverage, machineSentence } from './report/machine.ts';
import type { BenchResult } from './report/result.ts';
import { median } from './report/statistics.ts';

export type { DatabaseAccess, RunningDatabase } from './process/workshop.ts';
export { withFigures } from './report/docs-figures.ts';
export { type BenchResult, completedBy, faultsOf } from './report/result.ts';
export { markdownTable, rowsOf } from './report/table.ts';

export const MEASURES = [
  'singles',
  'batch',
  'limit',
  'latency',
  'codec',
  'otp',
  'backlog',
  'expiry',
  'boot',
  'privacy',
  'shred',
  'sign-in',
  'notices',
] as const;
export type Measure = (typeof MEASURES)[number];

export interface BenchOptions {
  /** Root of the repository, whose server is measured. */
  readonly root: string;
  /** Where data directories are made and removed; a real disk. */
  readonly directory: string;
  readonly database: DatabaseAccess;
  readonly only: readonly Measure[];
  /** Runs Kannel in turns with ours. */
  readonly peer: boolean;
  /** Rounds of the throughput measures; each round runs every system once. */
  readonly runs: number;
  /** Length of each load. */
  readonly seconds: number;
  readonly seed: number;
  /** Messages of the deep queue, and messages whose content ends. */
  readonly backlog: number;
  /** Also runs the throughput measures once with the server profiled, into this folder. */
  readonly profileFolder: string | null;
  /** Shows a line of progress. */
  readonly say: (line: string) => void;
  /** Ends the runs early: processes are stopped and folders removed, and the promise rejects. */
  readonly signal: AbortSignal;
}

const CONNECTIONS = 64;
/** One-time codes: ten a second for at least this long, so that a p99 means something. */
const CODES_SECONDS_MIN = 20;
const CODES_PER_SECOND = 10;
const BULK_MESSAGES = 100_000;
/** How many messages are submitted from the short and from the deep queue. */
const BACKLOG_MEASURED = 30_000;
const CODEC_TURN_MS = 500;
/** Keys destroyed one by one, and workspaces destroyed by their keys. */
const KEYS_DESTROYED = 2_000;
const WORKSPACE_KEYS = [1, 10, 100, 1_000];
const WORKSPACE_ROWS = [10, 10_000, 100_000];
/** Measures that put no load on a server. */
const WITHOUT_LOAD: readonly Measure[] = ['codec', 'limit', 'boot', 'shred', 'sign-in', 'notices'];
/** So long that the slowest hundredth is a few hundred requests, and expiry is at work all the time. */
/** Of a hundredth of the requests something is known only when there are many. */
const LATENCY_SECONDS_MIN = 20;
const EXPIRY_SECONDS_MIN = 20;

/** Runs the measures asked for, one after the other: they would disturb each other. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const workshop = new Workshop(options);
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(new Error('the bench was interrupted'));
  aborted.promise.catch(() => undefined);
  options.signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([measureAll(workshop, options), aborted.promise]);
  } finally {
    options.signal.removeEventListener('abort', onAbort);
    await workshop.clear();
  }
}

async function measureAll(workshop: Workshop, options: BenchOptions): Promise<BenchResult> {
  const { only, say, seconds } = options;
  const wants = (measure: Measure) => only.includes(measure);
  const machine = await describeMachine(options.directory, await postgresVersion(workshop));
  say(`${machineSentence(machine)}; seed ${options.seed}; load average ${loadAverage()}`);
  if (machine.memoryDisk) say('The directory lies in memory: fsync costs nothing there, choose another.');

  const needsLoad = only.some((measure) => !WITHOUT_LOAD.includes(measure));
  const loadCeiling = needsLoad ? await measureLoadCeiling(workshop, CONNECTIONS) : null;
  if (loadCeiling !== null) say(`load generator alone: ${loadCeiling} requests/s`);

  const rounds = await measureRounds(workshop, options);
  if (options.profileFolder !== null) await profileAll(workshop, options, options.profileFolder);
  let latency = null;
  const steadyRate = wants('latency') || wants('expiry') ? await rateOfPromise(workshop, options, rounds) : 0;
  if (wants('latency')) {
    latency = await measureLatency(workshop, steadyRate, Math.max(seconds, LATENCY_SECONDS_MIN));
    say(
      `latency at ${latency.requestsPerSecond}/s: ${describeTimes(latency.accept)}; waited for a connection: ${latency.waited}`,
    );
  }
  let codec: CodecResult | null = null;
  if (wants('codec')) {
    codec = await measureCodec(workshop, options.runs, CODEC_TURN_MS);
    say(`codec: ${codec.ratio} x npm smpp, with texts ${codec.ratioWithText} x`);
  }
  let oneTimeCodes = null;
  if (wants('otp')) {
    oneTimeCodes = await measureOneTimeCodes(workshop, {
      bulkMessages: BULK_MESSAGES,
      codesPerSecond: CODES_PER_SECOND,
      seconds: Math.max(seconds, CODES_SECONDS_MIN),
    });
    say(`one-time codes: ${describeTimes(oneTimeCodes.toCarrier)}; missing ${oneTimeCodes.missing}`);
  }
  let backlog = null;
  if (wants('backlog')) {
    backlog = await measureBacklog(workshop, { deep: options.backlog, measured: BACKLOG_MEASURED });
    say(`backlog: ${backlog.share} of the rate from a short queue`);
  }
  let expiry = null;
  if (wants('expiry')) {
    expiry = await measureExpiry(workshop, {
      messages: options.backlog,
      requestsPerSecond: steadyRate,
      seconds: Math.max(seconds, EXPIRY_SECONDS_MIN),
    });
    say(
      `expiry: ${expiry.erasedPerSecond}/s; without ${describeTimes(expiry.without)}; during ${describeTimes(expiry.during)}`,
    );
  }
  const promises = await measurePromises(workshop, options);
  const { runs, seed } = options;
  return {
    machine,
    seed,
    runs,
    seconds,
    loadCeiling,
    ...rounds,
    latency,
    codec,
    oneTimeCodes,
    backlog,
    expiry,
    ...promises,
  };
}

/** What privacy and accounts promise of their speed. */
async function measurePromises(workshop: Workshop, { only, runs, say, seconds }: BenchOptions) {
  const boot = only.includes('boot') ? await measureBoot(workshop, { starts: runs }) : null;
  for (const profile of boot?.profiles ?? []) {
    const worst = Math.max(...startsOf(profile).map(checkMs));
    say(`boot, ${profile.profile}: median ${medianCheckMs(profile).toFixed(0)}, most ${worst.toFixed(0)} ms`);
  }
  const privacy = only.includes('privacy')
    ? await measurePrivacy(workshop, {
        pairs: runs,
        seconds,
        connections: CONNECTIONS,
        onRun: (name, run) => say(`${name}: ${describeRun(run)}; load average ${loadAverage()}`),
      })
    : null;
  const shred = only.includes('shred')
    ? await measureShred(workshop, {
        singles: KEYS_DESTROYED,
        workspaceKeys: WORKSPACE_KEYS,
        workspaceRows: WORKSPACE_ROWS,
        rounds: runs,
      })
    : null;
  if (shred !== null)
    say(`shred: mean ${shred.store.meanMs.toFixed(2)} ms, bare ${shred.bare.meanMs.toFixed(2)} ms`);
  const signIn = only.includes('sign-in') ? await measureSignIn(workshop, { rounds: runs, seconds }) : null;
  if (signIn !== null) {
    say(
      `sign-in: ${signIn.share.value.toFixed(2)} of bare hashes; ${Math.round(signIn.checksPerSecond)} checks/s meanwhile`,
    );
  }
  const notices = only.includes('notices') ? await measureNotices(workshop, { seconds }) : null;
  if (notices !== null)
    say(
      `notices: ${Math.round(notices.perSecond)}/s, ${describeTimes(notices.answer)}; wrong ${notices.miscredited}`,
    );
  return { boot, privacy, shred, signIn, notices };
}

/** 60 % of the single requests' maximum: measured in this run, or once for it. */
async function rateOfPromise(
  workshop: Workshop,
  { seconds }: BenchOptions,
  { singles }: { readonly singles: readonly Throughput[] },
): Promise<number> {
  const maximum =
    singles.length > 0
      ? median(singles.map((run) => run.perSecond))
      : (await measureSotto(workshop, 'singles', { seconds, connections: CONNECTIONS })).perSecond;
  return Math.round(maximum * LOAD_SHARE);
}

/** Every system once a round, so that what disturbs the machine disturbs all of them alike. */
async function measureRounds(workshop: Workshop, options: BenchOptions) {
  const { only, say, seconds } = options;
  const throughput = { seconds, connections: CONNECTIONS };
  const loadAverages: number[] = [];
  const singles: Throughput[] = [];
  const batch: Throughput[] = [];
  const kannel: Throughput[] = [];
  const limit: LimitResult[] = [];
  const run = async (name: string, into: Throughput[], measure: () => Promise<Throughput>): Promise<void> => {
    loadAverages.push(loadAverage());
    const result = await measure();
    into.push(result);
    say(`${name}: ${describeRun(result)}; load average before ${loadAverages.at(-1)}`);
  };
  for (let round = 1; round <= options.runs; round++) {
    if (only.includes('singles'))
      await run(`singles ${round}`, singles, () => measureSotto(workshop, 'singles', throughput));
    if (options.peer) await run(`kannel ${round}`, kannel, () => measureKannel(workshop, throughput));
    if (only.includes('batch'))
      await run(`batch ${round}`, batch, () => measureSotto(workshop, 'batch', throughput));
    if (only.includes('limit')) {
      limit.push(await measureLimit(workshop, seconds));
      say(`limit ${round}: ${limit.at(-1)!.oneLane}/s, three connections ${limit.at(-1)!.severalLanes}/s`);
    }
  }
  return { loadAverages, singles, batch, kannel, limit };
}

async function profileAll(workshop: Workshop, options: BenchOptions, folder: string): Promise<void> {
  for (const shape of ['singles', 'batch'] as const) {
    if (!options.only.includes(shape)) continue;
    const load = { seconds: options.seconds, connections: CONNECTIONS };
    options.say(describeProfile(shape, await profileSotto(workshop, shape, load, folder)));
  }
}

function describeRun(run: Throughput): string {
  const { server, database, smsc, load } = run.cpuSeconds;
  return [
    `${run.perSecond}/s complete of ${run.accepted} accepted at ${run.acceptedPerSecond}/s`,
    `drained in ${run.drainSeconds.toFixed(1)} s`,
    `accept ${describeTimes(run.accept)}`,
    `lost ${run.lost}, mischarged ${run.mischarged}, twice ${run.duplicates}, failed ${run.failedRequests}`,
    `processor seconds: server ${server}, database ${database ?? 'none'}, SMSC ${smsc}, load ${load}`,
  ].join('; ');
}

const describeTimes = ({ p50Ms, p99Ms, maxMs }: Percentiles): string =>
  `p50 ${p50Ms.toFixed(1)}, p99 ${p99Ms.toFixed(1)}, most ${maxMs.toFixed(1)} ms`;

/** The version of the server that the database access starts. */
function postgresVersion(workshop: Workshop): Promise<string | null> {
  return workshop.inFolder(async (folder) => {
    const database = await workshop.database.start(folder);
    const client = new pg.Client({ connectionString: database.url });
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('show server_version');
      return rows[0]!.server_version;
    } finally {
      await client.end();
      await database.stop();
      await removeSocketFolder(database.url);
    }
  });
}
