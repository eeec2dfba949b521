// An error as the log may hold it: class, code, and stack frames of known form. Messages stay out, because
// libraries quote data in them (PostgreSQL's DETAIL, JSON's parse errors); the frames say where it happened.
import { resolve } from 'node:path';
import { looksPersonal, REDACTED } from './scrub.ts';

export interface ErrorReport {
  readonly class: string;
  /** SQLSTATE, system code or code of the error catalogue. */
  readonly code?: string;
  readonly frames: readonly string[];
  readonly cause?: ErrorReport;
}

const FRAMES_MAX = 12;
const CAUSES_MAX = 4;
const ROOT = resolve(import.meta.dirname, '../../../..');
/** V8's frames, with or without a function, in a file of ours or of Node; anything else is not copied. */
const FRAME =
  /^ {4}at (?:(?:async |new )*([\w$.<>[\] #]{1,100}?) (?:\[as [\w$]{1,60}\] )?\()?(?:file:\/\/)?((?:node:|\/|[A-Z]:[\\/])[^\s()]{1,300}):(\d{1,7}):(\d{1,7})\)?$/;

/** Class and code in one word, for columns and metrics: `DatabaseError.23505`. */
export function errorLabel(error: unknown): string {
  const name = classOf(error);
  const code = codeOf(error);
  return code === undefined ? name : `${name}.${code}`;
}

export function reportError(error: unknown, depth = 0): ErrorReport {
  const code = codeOf(error);
  const cause = error instanceof Error && error.cause !== undefined && depth < CAUSES_MAX;
  return {
    class: classOf(error),
    ...(code === undefined ? {} : { code }),
    frames: framesOf(error),
    ...(cause ? { cause: reportError(error.cause, depth + 1) } : {}),
  };
}

function classOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown-${error === null ? 'null' : typeof error}`;
  const name = Object.getPrototypeOf(error)?.constructor?.name || 'Error';
  return /^[A-Za-z_$][\w$]{0,59}$/.test(name) ? name : 'Error';
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^[A-Za-z][A-Za-z_]{0,59}$|^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  // The message comes first in the stack and may hold lines that look like frames: skip as many lines as it has.
  const skip = error.message.split('\n').length;
  const frames: string[] = [];
  for (const line of error.stack.split('\n').slice(skip)) {
    const match = FRAME.exec(line);
    if (!match) continue;
    const path = match[2]!.startsWith(ROOT) ? match[2]!.slice(ROOT.length + 1) : pathTail(match[2]!);
    const frame = `${match[1] ? `${match[1]} ` : ''}${path}:${match[3]}:${match[4]}`;
    frames.push(looksPersonal(path.replaceAll('@', '')) ? REDACTED : frame);
    if (frames.length === FRAMES_MAX) break;
  }
  return frames;
}

/** A file outside the checkout: the last part is enough, what stands before it is somebody's folder. */
const pathTail = (path: string) => (path.startsWith('node:') ? path : path.slice(path.lastIndexOf('/') + 1));
