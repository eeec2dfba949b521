// Everything one invocation measured: what `--json` writes, and what the table is made from.
import type { BacklogResult } from '../measure/backlog.ts';
import type { BootResult } from '../measure/boot.ts';
import type { CodecResult } from '../measure/codec.ts';
import type { ExpiryBenchResult } from '../measure/expiry.ts';
import type { LatencyResult } from '../measure/latency.ts';
import type { LimitResult } from '../measure/limit.ts';
import type { NoticesResult } from '../measure/notices.ts';
import type { OneTimeCodesResult } from '../measure/one-time-codes.ts';
import type { PrivacyResult } from '../measure/privacy-cost.ts';
import type { ShredResult } from '../measure/shred.ts';
import type { SignInResult } from '../measure/sign-in.ts';
import type { Throughput } from '../measure/throughput.ts';
import { type Machine, machineSentence } from './machine.ts';

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
  readonly boot: BootResult | null;
  readonly privacy: PrivacyResult | null;
  readonly shred: ShredResult | null;
  readonly signIn: SignInResult | null;
  readonly notices: NoticesResult | null;
}

const ROUNDS = ['singles', 'batch', 'kannel', 'limit'] as const;
const ONCE = [
  'latency',
  'codec',
  'oneTimeCodes',
  'backlog',
  'expiry',
  'boot',
  'privacy',
  'shred',
  'signIn',
  'notices',
] as const;

/** A result whose missing measures come from an earlier one, and their names. */
export interface CompletedResult {
  readonly result: BenchResult;
  readonly fromEarlier: readonly string[];
}

/**
 * Takes what a run did not measure from the result of an earlier one. The rounds are taken together or not at all: a ratio
 * has both its sides from one run. Throws for a result of another machine.
 */
export function completedBy(result: BenchResult, earlier: BenchResult): CompletedResult {
  if (machineSentence(earlier.machine) !== machineSentence(result.machine))
    throw new Error('the earlier result is of another machine');
  const rounds = ROUNDS.every((measure) => result[measure].length === 0)
    ? ROUNDS.filter((measure) => earlier[measure].length > 0)
    : [];
  const once = ONCE.filter((measure) => result[measure] === null && earlier[measure] !== null);
  const fromEarlier = [...rounds, ...once];
  const taken = Object.fromEntries(fromEarlier.map((measure) => [measure, earlier[measure]]));
  return { result: { ...result, ...taken }, fromEarlier };
}

/** What must not be, whatever the speed: messages lost, sent twice or wrongly charged, requests failed, codes missing. */
export function faultsOf(result: BenchResult): string[] {
  const faults: string[] = [];
  for (const run of [...result.singles, ...result.batch, ...result.kannel])
    faults.push(...faultsOfRun(`${run.system} ${run.shape}`, run));
  if (result.latency && result.latency.failedRequests > 0)
    faults.push(`latency: ${result.latency.failedRequests} requests failed`);
  if (result.oneTimeCodes && result.oneTimeCodes.failedRequests > 0)
    faults.push(`one-time codes: ${result.oneTimeCodes.failedRequests} requests failed`);
  if (result.oneTimeCodes && result.oneTimeCodes.missing > 0)
    faults.push(`one-time codes: ${result.oneTimeCodes.missing} did not reach the SMSC`);
  if (result.expiry) faults.push(...faultsOfExpiry(result.expiry));
  if (result.privacy) faults.push(...faultsOfPrivacy(result.privacy));
  if (result.shred) faults.push(...faultsOfShred(result.shred));
  if (result.notices && result.notices.miscredited > 0)
    faults.push(`notices: ${result.notices.miscredited} were not credited once`);
  if (result.notices && result.notices.failed > 0)
    faults.push(`notices: ${result.notices.failed} were not taken`);
  if (result.signIn && result.signIn.failed > 0)
    faults.push(`sign-in: ${result.signIn.failed} requests were not answered as they should`);
  return faults;
}

function faultsOfRun(name: string, run: Throughput): string[] {
  return [
    ...(run.lost > 0 ? [`${name}: ${run.lost} of ${run.accepted} accepted messages were lost`] : []),
    ...(run.mischarged !== 0 ? [`${name}: ${run.mischarged} messages were charged wrongly`] : []),
    ...(run.duplicates > 0 ? [`${name}: ${run.duplicates} submissions too many`] : []),
    ...(run.failedRequests > 0 ? [`${name}: ${run.failedRequests} requests failed`] : []),
  ];
}

const faultsOfPrivacy = ({ singles, batch }: PrivacyResult): string[] =>
  [...singles.pairs, ...batch.pairs].flatMap(({ full, plain }) => [
    ...faultsOfRun(`full ${full.shape}`, full),
    ...faultsOfRun(`plain ${plain.shape}`, plain),
  ]);

const faultsOfShred = ({ workspaces }: ShredResult): string[] =>
  workspaces.flatMap(({ keys, rows, shredded }) =>
    shredded === rows
      ? []
      : [`shred: of ${rows} rows under ${keys} destroyed keys ${rows - shredded} can still be read`],
  );

function faultsOfExpiry({ failedRequests, erasedDuringLoad, erased, messages }: ExpiryBenchResult): string[] {
  return [
    ...(failedRequests > 0 ? [`expiry: ${failedRequests} requests failed`] : []),
    ...(erasedDuringLoad === 0 ? ['expiry: nothing was erased while requests were measured'] : []),
    ...(erased === messages ? [] : [`expiry: of ${messages} contents ${erased} were erased`]),
  ];
}
