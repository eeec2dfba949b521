// Stack frames as names of our own code. A frame is taken only where our own files bear it out: the file is there,
// it has that line, and the function's name is one it defines or calls. So whatever stands in a stack, what comes out was in the
// repository before, and the rest is dropped.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface OwnFrame {
  /** From the root of the checkout: `server/src/ledger/post.ts`. */
  readonly file: string;
  /** 1 to the number of lines the file has. */
  readonly line: number;
  /** Null when it has no name of ours. */
  readonly function: string | null;
}

interface Source {
  readonly lines: number;
  readonly names: ReadonlySet<string>;
}

const ROOT = resolve(import.meta.dirname, '../../..');
const OWN_FILE =
  /^(?:contract|policy|sdk|server\/src|simulator|smpp|text)(?:\/[a-z0-9-]{1,60}(?:\.[a-z]{2,12}){0,3}){1,8}$/;
/** What may be a function: a name of three letters or more before a parenthesis, an equals sign, a colon, a bracket. */
const DEFINED = /[A-Za-z_$][\w$]{2,59}(?=\s?[(=:<])/g;
const LINES_MAX = 100;
const LINE_LENGTH_MAX = 500;
/** Files remembered, and names of no file. Beyond that the memory is begun anew. */
const REMEMBERED_MAX = 1_000;

const sources = new Map<string, Source | null>();

/**
 * The frames of a stack that are in our own files, innermost first, at most `max`. Never throws. The message, which
 * the stack begins with and which may hold lines that look like frames, is passed over.
 */
export function ownFrames(stack: unknown, message: unknown, max: number): OwnFrame[] {
  if (typeof stack !== 'string') return [];
  const rest = afterMessage(stack, message);
  const frames: OwnFrame[] = [];
  for (const line of rest.split('\n', LINES_MAX)) {
    const frame = line.length > LINE_LENGTH_MAX ? null : ownFrame(line.trim());
    if (frame === null) continue;
    frames.push(frame);
    if (frames.length === max) break;
  }
  return frames;
}

/** What follows the message, where the stack has it in its first line, as V8 writes it: `Class: message`. */
function afterMessage(stack: string, message: unknown): string {
  const [header = ''] = stack.split('\n', 1);
  const [first = ''] = typeof message === 'string' ? message.split('\n', 1) : [];
  const at = header.endsWith(first) ? header.length - first.length : -1;
  if (at < 0 || typeof message !== 'string' || !stack.startsWith(message, at)) return stack;
  return stack.slice(at + message.length);
}

/** Reads `at f (file:///a/b.ts:1:2)` or `at file:///a/b.ts:1:2`, the two forms V8 writes for a file. */
function ownFrame(text: string): OwnFrame | null {
  const from = text.indexOf(`${ROOT}/`);
  if (!text.startsWith('at ') || from < 0) return null;
  const place = /^(.{1,300}):(\d{1,6}):\d{1,6}\)?$/.exec(text.slice(from + ROOT.length + 1));
  if (place === null || !OWN_FILE.test(place[1]!)) return null;
  const source = sourceOf(place[1]!);
  const line = Number(place[2]);
  if (source === null || line < 1 || line > source.lines) return null;
  return { file: place[1]!, line, function: functionName(text.slice(3, from), source) };
}

/** The last name before the place, without the object it was called on: `async Edge.answer (` is `answer`. */
function functionName(text: string, source: Source): string | null {
  const name = /([A-Za-z_$][\w$]{0,59}) (?:\[as [\w$]{1,60}\] )?\((?:file:\/\/)?$/.exec(text)?.[1];
  return name !== undefined && source.names.has(name) ? name : null;
}

function sourceOf(file: string): Source | null {
  const known = sources.get(file);
  if (known !== undefined) return known;
  if (sources.size >= REMEMBERED_MAX) sources.clear();
  const read = readSource(file);
  sources.set(file, read);
  return read;
}

function readSource(file: string): Source | null {
  try {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return { lines: text.split('\n').length, names: new Set(text.match(DEFINED)) };
  } catch {
    return null;
  }
}
