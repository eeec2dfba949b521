// Everything one invocation measured: what `--json` writes, and what the table is made from.
import type { BacklogResult } from '../measure/backlog.ts';
import type { CodecResult } from '../measure/codec.ts';
import type { ExpiryBenchResult } from '../measure/expiry.ts';
import type { LatencyResult } from '../measure/latency.ts';
import type { LimitResult } from '../measure/limit.ts';
import type { OneTimeCodesResult } from '../measure/one-time-codes.ts';
import type { Throughput } from '../measure/throughput.ts';
import type { Machine } from './machine.ts';

export interface BenchResult {
  readonly machine: Machine;
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
  /** Load average of the machine when it began and at the start of each run. */
  readonly loadAverages: readonly number[];
  /** Requests a second that the load generator itself can make. */
  readonly loadCeiling: number | null;
  readonly singles: readonly Throughput[];
  readonly batch: readonly Throughput[];
  readonly kannel: readonly Throughput[];
  readonly limit: readonly LimitResult[];
  readonly latency: LatencyResult | null;
  readonly codec: CodecResult | null;
  readonly oneTimeCodes: OneTimeCodesResult | null;
  readonly backlog: BacklogResult | null;
  readonly expiry: ExpiryBenchResult | null;
}

/** What must not be, whatever the speed: messages lost, sent twice or wrongly charged, requests failed, codes missing. */
export function faultsOf(result: BenchResult): string[] {
  const faults: string[] = [];
  for (const run of [...result.singles, ...result.batch, ...result.kannel]) {
    const name = `${run.system} ${run.shape}`;
    if (run.lost > 0) faults.push(`${name}: ${run.lost} of ${run.accepted} accepted messages were lost`);
    if (run.mischarged !== 0) faults.push(`${name}: ${run.mischarged} messages were charged wrongly`);
    if (run.duplicates > 0) faults.push(`${name}: ${run.duplicates} submissions too many`);
    if (run.failedRequests > 0) faults.push(`${name}: ${run.failedRequests} requests failed`);
  }
  if (result.latency && result.latency.failedRequests > 0)
    faults.push(`latency: ${result.latency.failedRequests} requests failed`);
  if (result.oneTimeCodes && result.oneTimeCodes.failedRequests > 0)
    faults.push(`one-time codes: ${result.oneTimeCodes.failedRequests} requests failed`);
  if (result.oneTimeCodes && result.oneTimeCodes.missing > 0)
    faults.push(`one-time codes: ${result.oneTimeCodes.missing} did not reach the SMSC`);
  if (result.expiry) faults.push(...faultsOfExpiry(result.expiry));
  return faults;
}

function faultsOfExpiry({ failedRequests, erasedDuringLoad, erased, messages }: ExpiryBenchResult): string[] {
  return [
    ...(failedRequests > 0 ? [`expiry: ${failedRequests} requests failed`] : []),
    ...(erasedDuringLoad === 0 ? ['expiry: nothing was erased while requests were measured'] : []),
    ...(erased === messages ? [] : [`expiry: of ${messages} contents ${erased} were erased`]),
  ];
}
