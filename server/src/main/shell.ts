// What a command stands on, so that it can be tried without a terminal, and how it answers.
import type { Config, Overrides } from '#platform/config';

export interface Shell {
  /** Standard output: the answer, and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: what goes on meanwhile. */
  readonly note: (text: string) => void;
  readonly readConfig: (overrides?: Overrides) => Config;
  /** All of standard input, where a secret may come from. */
  readonly readInput: () => Promise<string>;
  /** Zero unless set. */
  readonly setExitCode: (code: number) => void;
}

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** The command was called wrongly in a way the parser cannot see. Ends with exit code 2. */
export class UsageFault extends Error {}

export interface OutputOptions {
  readonly json?: true;
}

/** Prints an answer: one JSON document with `--json`, else the lines. */
export function answer(
  shell: Shell,
  { json }: OutputOptions,
  value: unknown,
  lines: readonly string[] | string,
): void {
  if (json) shell.out(JSON.stringify(value, null, 2));
  else shell.out(typeof lines === 'string' ? lines : lines.join('\n'));
}

/** Rows as aligned columns under their titles; `none` when there are no rows. */
export function columns(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string[] {
  if (rows.length === 0) return [none];
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  return [titles, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
}
