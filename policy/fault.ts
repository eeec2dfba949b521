// What is wrong with a policy's text or content, at its line, with a way out.
import type { FaultCode } from './refusals.ts';

/** Line and column count from 1; `file` is the name it was resolved by, or empty for the file at hand. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Fault extends Position {
  readonly code: FaultCode;
  /** Keys from the top, joined by dots, list places in brackets: `recipients.mail.hosts[0]`. */
  readonly path: string;
  readonly sentence: string;
  /** What to write instead. */
  readonly hint: string;
}

/** Orders faults as a reader meets them. */
export const byPlace = (a: Position, b: Position): number =>
  a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
