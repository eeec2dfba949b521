// The figures in docs/benchmarks.md stand between two marks and are replaced as a whole.
import { machineSentence } from './machine.ts';
import type { BenchResult } from './result.ts';
import { markdownTable, rowsOf } from './table.ts';

const BEGIN = '<!-- figures: written by the command, not by hand -->';
const END = '<!-- end of figures -->';

/**
 * The page with new figures; `fromEarlier` names the measures that an earlier run on the same machine made. Throws when
 * the marks are missing. Pure.
 */
export function withFigures(page: string, result: BenchResult, fromEarlier: readonly string[] = []): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('the page has no place for figures');
  return `${page.slice(0, begin + BEGIN.length)}\n${figures(result, fromEarlier)}\n${page.slice(end)}`;
}

function figures(result: BenchResult, fromEarlier: readonly string[]): string {
  const { machine, runs, seconds, seed, loadAverages, loadCeiling } = result;
  const loads =
    loadAverages.length === 0
      ? ''
      : ` Load average at the start of runs: up to ${Math.max(...loadAverages)}.`;
  const ceiling =
    loadCeiling === null
      ? ''
      : ` The load generator alone reaches ${loadCeiling.toLocaleString('en-US')} requests/s.`;
  const earlier =
    fromEarlier.length === 0 ? '' : ` From an earlier run on the same machine: ${fromEarlier.join(', ')}.`;
  return [
    '',
    `${machineSentence(machine)}. ${runs} interleaved runs of ${seconds} s, medians; seed ${seed}.${loads}${ceiling}${earlier}`,
    '',
    markdownTable(rowsOf(result)),
    '',
  ].join('\n');
}
