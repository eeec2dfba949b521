// Does a deep queue slow the claims down, and does the server's memory stay flat? The same number of messages is
// submitted three times, each time by a freshly started server with empty caches: from a queue that holds just them,
// from one that holds a million, and from a short one again, so that a machine that gets busier does not count.
import { join } from 'node:path';
import { startLoadGenerator } from '../load/load-generator.ts';
import { cpuSeconds, cpuSecondsOfTree, residentBytes } from '../process/cpu-use.ts';
import { type RunningSmsc, startSmscProcess } from '../process/smsc.ts';
import { failedRun } from '../process/sotto-run.ts';
import { connectSotto, type SottoServer, startSotto } from '../process/sotto-server.ts';
import { waitFor } from '../process/waiting.ts';
import { removeSocketFolder, type Workshop } from '../process/workshop.ts';
import { median } from '../report/statistics.ts';
import { loadBulk } from './one-time-codes.ts';
import { emptyQueue, queuedParts } from './queue.sql.ts';

export interface BacklogOptions {
  /** Messages that wait. */
  readonly deep: number;
  /** Messages submitted from either queue. */
  readonly measured: number;
}

export interface BacklogResult {
  readonly queued: number;
  readonly shallow: SubmissionRate;
  readonly deep: SubmissionRate;
  readonly shallowAgain: SubmissionRate;
  /** Rate from the deep queue over the mean of those from the short ones. */
  readonly share: number;
  readonly loadedPerSecond: number;
  readonly memory: MemoryUse;
}

export interface SubmissionRate {
  readonly perSecond: number;
  /** Processor time of server and database for 1,000 submissions, in ms: what a busy machine changes least. */
  readonly cpuMsPerThousand: number | null;
}

/** Resident memory of the server process in MB. */
export interface MemoryUse {
  readonly afterStartMb: number;
  /** While the queue filled: the median of the first and of the last third of the time. */
  readonly loadingFirstMb: number;
  readonly loadingLastMb: number;
  /** Highest while submitting from the shallow and from the deep queue. */
  readonly shallowMaxMb: number;
  readonly deepMaxMb: number;
}

const SUBMIT_LIMIT_MS = 180_000;
const WATCH_EVERY_MS = 20;
const SAMPLE_EVERY_MS = 1_000;

export function measureBacklog(workshop: Workshop, options: BacklogOptions): Promise<BacklogResult> {
  return workshop.inFolder(async (folder) => {
    const { children, root, say } = workshop;
    const smsc = await startSmscProcess(children);
    let connectorId = '';
    let url = '';

    /** One server from start to stop. */
    const serve = async <T>(work: (sotto: SottoServer) => Promise<T>): Promise<T> => {
      const sotto = await startSotto(children, { root, folder });
      url = (await workshop.database.adopt(sotto.dataDir)).url;
      try {
        return await work(sotto);
      } catch (error) {
        throw failedRun(error, sotto.child);
      } finally {
        await sotto.stop();
      }
    };
    const fill = (messages: number) =>
      serve(async (sotto) => {
        if (connectorId === '') connectorId = await connectSotto(sotto, smsc.port, { enabled: false });
        else await enable(sotto, connectorId, false);
        const memory = watchMemory(sotto);
        const load = await startLoadGenerator(children);
        const elapsedMs = await loadBulk({ load, sotto }, messages);
        await load.stop();
        return { elapsedMs, memory: memory.stop() };
      });
    const submit = () =>
      serve(async (sotto) => {
        const queued = await queuedParts(url);
        const memory = watchMemory(sotto);
        const { submits } = await smsc.counts();
        await enable(sotto, connectorId, true);
        const { pid } = await workshop.database.adopt(sotto.dataDir);
        const cpu = () => sum(cpuSeconds(sotto.child.pid), cpuSecondsOfTree(pid));
        const rate = await submissionRate(smsc, submits, options.measured, cpu);
        return { queued, rate, memory: memory.stop() };
      });

    try {
      await fill(options.measured);
      const shallow = await submit();
      say(`queue of ${shallow.queued}: ${describeRate(shallow.rate)}`);
      const filled = await fill(options.deep);
      say(`filled with ${options.deep} in ${Math.round(filled.elapsedMs / 1_000)} s`);
      const deep = await submit();
      say(`queue of ${deep.queued}: ${describeRate(deep.rate)}`);
      const idle = await workshop.database.start(join(folder, 'data'));
      await emptyQueue(idle.url).finally(() => idle.stop());
      await fill(options.measured);
      const again = await submit();
      say(`queue of ${again.queued}: ${describeRate(again.rate)}`);
      const thirds = Math.max(1, Math.floor(filled.memory.length / 3));
      return {
        queued: deep.queued,
        shallow: shallow.rate,
        deep: deep.rate,
        shallowAgain: again.rate,
        share:
          Math.round((2_000 * deep.rate.perSecond) / (shallow.rate.perSecond + again.rate.perSecond)) / 1_000,
        loadedPerSecond: Math.round((options.deep / filled.elapsedMs) * 1_000),
        memory: {
          afterStartMb: filled.memory[0]!,
          loadingFirstMb: Math.round(median(filled.memory.slice(0, thirds))),
          loadingLastMb: Math.round(median(filled.memory.slice(-thirds))),
          shallowMaxMb: Math.max(...shallow.memory, ...again.memory),
          deepMaxMb: Math.max(...deep.memory),
        },
      };
    } finally {
      if (url !== '') await removeSocketFolder(url);
    }
  });
}

const sum = (first: number | null, second: number | null): number | null =>
  first === null || second === null ? null : first + second;

const describeRate = ({ perSecond, cpuMsPerThousand }: SubmissionRate): string =>
  `${perSecond} submissions/s, ${cpuMsPerThousand ?? '?'} ms of processor time for 1,000`;

const enable = (sotto: SottoServer, connectorId: string, enabled: boolean) =>
  sotto.admin('PATCH', `/v1/admin/carriers/${connectorId}`, { enabled });

/**
 * The rate at which the SMSC gets `count` submissions more than `before`. The first sixth is not counted: a fresh
 * server compiles its code meanwhile.
 */
async function submissionRate(
  smsc: RunningSmsc,
  before: number,
  count: number,
  cpu: () => number | null,
): Promise<SubmissionRate> {
  let begun: { at: number; submits: number; cpu: number | null } | undefined;
  const rate = await waitFor(
    async () => {
      const { submits } = await smsc.counts();
      const now = performance.now();
      if (submits < before + count / 6) return undefined;
      begun ??= { at: now, submits, cpu: cpu() };
      if (submits - before < count) return undefined;
      const done = submits - begun.submits;
      const used = cpu();
      return {
        perSecond: Math.round((done / (now - begun.at)) * 1_000),
        cpuMsPerThousand:
          used === null || begun.cpu === null ? null : Math.round(((used - begun.cpu) / done) * 1_000_000),
      };
    },
    SUBMIT_LIMIT_MS,
    WATCH_EVERY_MS,
  );
  if (rate === undefined) throw new Error(`${count} messages were not submitted in time`);
  return rate;
}

/** Samples the server's resident memory every second, in MB, until stopped. */
function watchMemory(sotto: SottoServer): { stop(): number[] } {
  const samples: number[] = [];
  const sample = () => {
    const octets = residentBytes(sotto.child.pid);
    if (octets !== null) samples.push(Math.round(octets / 1_048_576));
  };
  sample();
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return samples.length === 0 ? [0] : samples;
    },
  };
}
