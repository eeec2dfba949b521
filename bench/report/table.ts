// The table of what was promised and what was measured.

import type { SubmissionRate } from '../measure/backlog.ts';
import type { Throughput } from '../measure/throughput.ts';
import { accountRows } from './account-rows.ts';
import { count, ms, NONE, percent, type Row, ratioRow, shareRow, verdictBelow } from './cells.ts';
import { privacyRows } from './privacy-rows.ts';
import type { BenchResult } from './result.ts';
import { median } from './statistics.ts';

export function rowsOf(result: BenchResult): Row[] {
  return [
    ...throughputRows(result),
    ...latencyRows(result),
    ...codecRows(result),
    ...codeRows(result),
    ...backlogRows(result),
    ...expiryRows(result),
    ...privacyRows(result),
    ...accountRows(result),
  ];
}

const rateOf = (runs: readonly Throughput[]): number => Math.round(median(runs.map((run) => run.perSecond)));

function throughputRows(result: BenchResult): Row[] {
  const { singles, batch, kannel, limit } = result;
  const rows: Row[] = [];
  const peer = kannel.length === 0 ? null : rateOf(kannel);
  if (singles.length > 0) {
    rows.push({ measure: 'single requests, 64 connections', result: rateWithSpread(singles), ...NONE });
  }
  if (batch.length > 0)
    rows.push({ measure: 'batch requests of 1,000', result: rateWithSpread(batch), ...NONE });
  if (peer !== null) {
    rows.push({ measure: 'Kannel, spool store and spool receipts', result: rateWithSpread(kannel), ...NONE });
    if (singles.length > 0)
      rows.push(ratioRow('single requests against Kannel', rateOf(singles) / peer, 2, 4));
    if (batch.length > 0) rows.push(ratioRow('batch requests against Kannel', rateOf(batch) / peer, 5, 15));
  }
  if (limit.length > 0) {
    const [one, several] = [
      median(limit.map((run) => run.oneLane)),
      median(limit.map((run) => run.severalLanes)),
    ];
    rows.push({ measure: 'bare SQL, one connection', result: `${count(one)}/s`, ...NONE });
    rows.push({ measure: 'bare SQL, three connections', result: `${count(several)}/s`, ...NONE });
    if (batch.length > 0) {
      const share = rateOf(batch) / one;
      rows.push({
        ...shareRow('batch requests against bare SQL, one connection', share, 0.6, 0.6),
        wanted: '',
      });
      rows.push({
        measure: 'batch requests against bare SQL, three connections',
        result: percent(rateOf(batch) / several),
        ...NONE,
      });
    }
  }
  return rows;
}

function latencyRows({ latency }: BenchResult): Row[] {
  if (latency === null) return [];
  const { accept, requestsPerSecond } = latency;
  return [
    {
      measure: `accept latency, open loop at ${count(requestsPerSecond)}/s (60 % of the maximum)`,
      result: `p50 ${ms(accept.p50Ms)}, p99 ${ms(accept.p99Ms)}`,
      atLeast: 'p99 < 50 ms',
      wanted: 'p99 < 20 ms',
      verdict: verdictBelow(accept.p99Ms, 50, 20),
    },
  ];
}

function codecRows({ codec }: BenchResult): Row[] {
  if (codec === null) return [];
  const rates = codec.rates
    .filter((rate) => rate.message === 'octets')
    .map((rate) => `${rate.pdu} ${count(rate.ours)}/s, ${rate.ratio} x`);
  return [
    ratioRow('codec against npm smpp, decode + encode of submit_sm and deliver_sm', codec.ratio, 5, 20),
    { measure: 'each by itself', result: rates.join('; '), ...NONE },
    { measure: 'the same with texts from and to strings', result: `${codec.ratioWithText} x`, ...NONE },
  ];
}

function codeRows({ oneTimeCodes }: BenchResult): Row[] {
  if (oneTimeCodes === null) return [];
  const { toCarrier, queuedAtStart, queuedAtEnd } = oneTimeCodes;
  return [
    {
      measure: `one-time codes to the carrier while ${count(queuedAtStart)} to ${count(queuedAtEnd)} bulk parts queue`,
      result: `p50 ${ms(toCarrier.p50Ms)}, p99 ${ms(toCarrier.p99Ms)} of ${toCarrier.count}`,
      atLeast: 'p99 < 2 s',
      wanted: 'p99 < 500 ms',
      verdict: verdictBelow(toCarrier.p99Ms, 2_000, 500),
    },
  ];
}

function backlogRows({ backlog }: BenchResult): Row[] {
  if (backlog === null) return [];
  const { memory, shallow, deep, shallowAgain } = backlog;
  const cost = (rate: SubmissionRate) =>
    rate.cpuMsPerThousand === null ? '' : ` (${rate.cpuMsPerThousand} ms)`;
  const rate = (of: SubmissionRate) => `${count(of.perSecond)}/s${cost(of)}`;
  return [
    shareRow(`claims with ${count(backlog.queued)} queued against a short queue`, backlog.share, 0.8, 0.95),
    {
      measure: 'claims: short queue, deep queue, short again (processor time for 1,000)',
      result: [shallow, deep, shallowAgain].map(rate).join(', '),
      ...NONE,
    },
    {
      measure: 'server memory',
      result: [
        `after start ${memory.afterStartMb} MB`,
        `while the queue fills ${memory.loadingFirstMb} then ${memory.loadingLastMb} MB`,
        `highest while submitting: short queue ${memory.shallowMaxMb} MB, deep ${memory.deepMaxMb} MB`,
      ].join('; '),
      atLeast: 'flat',
      wanted: 'flat',
      verdict:
        memory.loadingLastMb <= FLAT * memory.loadingFirstMb && memory.deepMaxMb <= FLAT * memory.shallowMaxMb
          ? 'wanted'
          : 'missed',
    },
  ];
}

function expiryRows({ expiry }: BenchResult): Row[] {
  if (expiry === null) return [];
  const { without, during, before, after } = expiry;
  const size = (of: typeof before) => `${of.tableMb} MB and ${of.indexesMb} MB of indexes`;
  return [
    {
      measure: `accept latency at ${count(expiry.requestsPerSecond)}/s while ${count(expiry.messages)} contents end`,
      result: `p99 ${ms(during.p99Ms)}, without ${ms(without.p99Ms)}`,
      atLeast: 'p99 < 50 ms',
      wanted: 'p99 < 20 ms',
      verdict: verdictBelow(during.p99Ms, 50, 20),
    },
    {
      measure: 'contents erased beside that load, and their table before and after',
      result: `${count(expiry.erasedPerSecond)}/s; ${size(before)}, then ${size(after)}`,
      ...NONE,
    },
  ];
}

/** Memory is called flat when it does not grow by more than this with the queue; collectors leave that much noise. */
const FLAT = 1.25;

/** The median, and the slowest and fastest run: a wide spread says that the machine was not quiet. */
function rateWithSpread(runs: readonly Throughput[]): string {
  const rates = runs.map((run) => run.perSecond);
  const spread = runs.length > 1 ? ` (${count(Math.min(...rates))} to ${count(Math.max(...rates))})` : '';
  return `${count(rateOf(runs))}/s${spread}`;
}

const MARKS = { wanted: 'yes, and as wanted', met: 'yes', missed: 'no' } as const;
const HEAD = ['measure', 'result', 'at least', 'we want', 'reached'] as const;

/** The table in Markdown, which reads well in a terminal too. */
export function markdownTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.measure,
    row.result,
    row.atLeast,
    row.wanted,
    row.verdict === null ? '' : MARKS[row.verdict],
  ]);
  const widths = HEAD.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(HEAD), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...cells.map(line)].join(
    '\n',
  );
}
