// Does a deep queue slow the claims down, and does the server's memory stay flat? The same number of messages is
// submitted twice, each time by a freshly started server with empty caches: from a queue that holds just them, and
// from one that holds a million.
import { startLoadGenerator } from '../load/load-generator.ts';
import { residentBytes } from '../process/cpu-use.ts';
import { type RunningSmsc, startSmscProcess } from '../process/smsc.ts';
import { failedRun } from '../process/sotto-run.ts';
import { connectSotto, type SottoServer, startSotto } from '../process/sotto-server.ts';
import { waitFor } from '../process/waiting.ts';
import { removeSocketFolder, type Workshop } from '../process/workshop.ts';
import { median } from '../report/statistics.ts';
import { loadBulk } from './one-time-codes.ts';
import { queuedParts } from './queue.sql.ts';

export interface BacklogOptions {
  /** Messages that wait. */
  readonly deep: number;
  /** Messages submitted from either queue. */
  readonly measured: number;
}

export interface BacklogResult {
  readonly queued: number;
  /** Messages submitted a second from the queue that held just these. */
  readonly shallowPerSecond: number;
  readonly deepPerSecond: number;
  /** Deep over shallow. */
  readonly share: number;
  readonly loadedPerSecond: number;
  readonly memory: MemoryUse;
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
        const perSecond = await submittedPerSecond(smsc, submits, options.measured);
        return { queued, perSecond, memory: memory.stop() };
      });

    try {
      await fill(options.measured);
      const shallow = await submit();
      say(`shallow queue of ${shallow.queued}: ${shallow.perSecond} submissions/s`);
      const filled = await fill(options.deep);
      say(`filled with ${options.deep} in ${Math.round(filled.elapsedMs / 1_000)} s`);
      const deep = await submit();
      const thirds = Math.max(1, Math.floor(filled.memory.length / 3));
      return {
        queued: deep.queued,
        shallowPerSecond: shallow.perSecond,
        deepPerSecond: deep.perSecond,
        share: Math.round((deep.perSecond / shallow.perSecond) * 1_000) / 1_000,
        loadedPerSecond: Math.round((options.deep / filled.elapsedMs) * 1_000),
        memory: {
          afterStartMb: filled.memory[0]!,
          loadingFirstMb: Math.round(median(filled.memory.slice(0, thirds))),
          loadingLastMb: Math.round(median(filled.memory.slice(-thirds))),
          shallowMaxMb: Math.max(...shallow.memory),
          deepMaxMb: Math.max(...deep.memory),
        },
      };
    } finally {
      if (url !== '') await removeSocketFolder(url);
    }
  });
}

const enable = (sotto: SottoServer, connectorId: string, enabled: boolean) =>
  sotto.admin('PATCH', `/v1/admin/carriers/${connectorId}`, { enabled });

/**
 * The rate at which the SMSC gets `count` submissions more than `before`. The first sixth is not counted: a fresh
 * server compiles its code meanwhile.
 */
async function submittedPerSecond(smsc: RunningSmsc, before: number, count: number): Promise<number> {
  let begun: { at: number; submits: number } | undefined;
  const perSecond = await waitFor(
    async () => {
      const { submits } = await smsc.counts();
      const now = performance.now();
      if (submits < before + count / 6) return undefined;
      begun ??= { at: now, submits };
      return submits - before < count
        ? undefined
        : Math.round(((submits - begun.submits) / (now - begun.at)) * 1_000);
    },
    SUBMIT_LIMIT_MS,
    WATCH_EVERY_MS,
  );
  if (perSecond === undefined) throw new Error(`${count} messages were not submitted in time`);
  return perSecond;
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
