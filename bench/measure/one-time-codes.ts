// One-time codes while bulk waits: from the request to the moment the SMSC sees the submission, by its own log.
// The SMSC answers after 40 ms, as one across a network would, so the window is full of bulk all the time.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readTruthLog } from '@sotto/simulator';
import { FIRST_NUMBER } from '../load/request-spec.ts';
import { type Percentiles, Samples } from '../load/samples.ts';
import { type SottoRun, withSotto } from '../process/sotto-run.ts';
import type { Workshop } from '../process/workshop.ts';
import { queuedParts } from './queue.sql.ts';
import { BATCH_ACCEPTED, batchRequest, singleRequest } from './sotto-requests.ts';
import { BATCH_CONNECTIONS, BATCH_ITEMS, failedRequests } from './throughput.ts';

export interface OneTimeCodesOptions {
  readonly bulkMessages: number;
  readonly codesPerSecond: number;
  readonly seconds: number;
}

export interface OneTimeCodesResult {
  /** From the begin of the request to the submission at the SMSC. */
  readonly toCarrier: Percentiles;
  /** From the planned begin of the request to its answer. */
  readonly accept: Percentiles;
  /** Codes the SMSC had not seen five seconds after the last request. */
  readonly missing: number;
  readonly failedRequests: number;
  readonly queuedAtStart: number;
  readonly queuedAtEnd: number;
}

const CODE_TEXT = 'Your code is 481516. It is valid for five minutes.';
/** So slow that the queue is whole when the codes begin. */
const LOADING_LATENCY_MS = 2_000;
const ANSWER_LATENCY_MS = 40;
/** Time for the last codes to arrive, before they count as missing. */
const GRACE_MS = 5_000;
const LOAD_LIMIT_MS = 120_000;
/** Destinations of codes begin here, apart from those of bulk. */
const FIRST_CODE = 5_000_000;
const CONNECTIONS = 8;

export function measureOneTimeCodes(
  workshop: Workshop,
  options: OneTimeCodesOptions,
): Promise<OneTimeCodesResult> {
  const smsc = (folder: string) => ({
    behaviour: { latencyMs: LOADING_LATENCY_MS },
    logFile: join(folder, 'smsc.jsonl'),
  });
  return withSotto(workshop, { smsc }, async (run, folder) => {
    await loadBulk(run, options.bulkMessages);
    await run.smsc.set({ latencyMs: ANSWER_LATENCY_MS });
    const queuedAtStart = await queuedParts(run.database.url);
    const result = await run.load.ask({
      kind: 'open',
      host: run.sotto.host,
      port: run.sotto.port,
      connections: CONNECTIONS,
      connectionsMax: CONNECTIONS * 8,
      request: singleRequest(run.sotto, 'otp', CODE_TEXT),
      requestsPerSecond: options.codesPerSecond,
      durationMs: options.seconds * 1_000,
      warmUpMs: 0,
      seed: workshop.seed,
      firstIndex: FIRST_CODE,
      keepTimes: true,
    });
    if (failedRequests(result) > 0) {
      workshop.say(`answers: ${JSON.stringify(result.statuses)}, connections lost: ${result.unanswered}`);
    }
    const queuedAtEnd = await queuedParts(run.database.url);
    await pause(GRACE_MS);
    await run.smsc.stop();
    const seen = codesSeen(join(folder, 'smsc.jsonl'));
    const samples = new Samples();
    let missing = 0;
    for (const [at, beganAtMs] of result.beganAtMs.entries()) {
      const seenAtMs = seen.get(String(FIRST_NUMBER + FIRST_CODE + at));
      if (seenAtMs === undefined) missing++;
      else samples.add(Math.max(0, seenAtMs - beganAtMs));
    }
    return {
      toCarrier: samples.percentiles(),
      accept: result.latency,
      missing,
      failedRequests: failedRequests(result),
      queuedAtStart,
      queuedAtEnd,
    };
  });
}

/** Puts marketing messages into the queue. */
export async function loadBulk(run: Pick<SottoRun, 'load' | 'sotto'>, messages: number): Promise<number> {
  const result = await run.load.ask({
    kind: 'closed',
    host: run.sotto.host,
    port: run.sotto.port,
    connections: BATCH_CONNECTIONS,
    request: batchRequest(run.sotto, 'marketing', BATCH_ITEMS),
    durationMs: Math.max(LOAD_LIMIT_MS, messages),
    messagesMax: messages,
    acceptedMark: BATCH_ACCEPTED,
    firstIndex: 0,
  });
  if (result.accepted < messages) {
    throw new Error(`of ${messages} bulk messages ${result.accepted} were accepted`);
  }
  return result.endedAtMs - result.startedAtMs;
}

/** When the SMSC saw the submission of each code first, by destination. */
function codesSeen(file: string): Map<string, number> {
  const seen = new Map<string, number>();
  const first = FIRST_NUMBER + FIRST_CODE;
  for (const event of readTruthLog(file)) {
    if (event.event !== 'submit' || Number(event.destination) < first || seen.has(event.destination))
      continue;
    seen.set(event.destination, event.at);
  }
  return seen;
}
