// An error as it may be kept or passed on: classes, codes and places in our own code, each checked against a closed
// list or against our own files (R-CRASH). Of the message only its place in the stack is looked for.
import { createHash } from 'node:crypto';
import { knownClass, knownCode } from './error-words.ts';
import { type OwnFrame, ownFrames } from './own-source.ts';

export interface ScrubbedError {
  /** 32 hexadecimal digits; the same for the same fault, also after lines have moved. */
  readonly fingerprint: string;
  readonly class: string;
  readonly code: string | null;
  /** Of the error itself, or of the first cause that has any. Innermost first, at most `FRAMES_MAX`. */
  readonly frames: readonly OwnFrame[];
  /** Class and code of each cause, `DatabaseError.23505`, at most `CAUSES_MAX`. */
  readonly causes: readonly string[];
}

export const FRAMES_MAX = 12;
export const CAUSES_MAX = 4;

/** Scrubs whatever was thrown. Never throws, whatever traps it has, and takes bounded time. */
export function scrubError(thrown: unknown): ScrubbedError {
  const links = linksOf(thrown);
  const [first] = links;
  const causes = links.slice(1).map(({ class: name, code }) => (code === null ? name : `${name}.${code}`));
  const frames = links.find((link) => link.frames.length > 0)?.frames ?? [];
  const scrubbed = { class: first!.class, code: first!.code, frames, causes };
  return { fingerprint: fingerprintOf(scrubbed), ...scrubbed };
}

interface Link {
  readonly class: string;
  readonly code: string | null;
  readonly frames: readonly OwnFrame[];
}

function linksOf(thrown: unknown): Link[] {
  const links: Link[] = [];
  const seen = new Set<unknown>();
  let at: unknown = thrown;
  while (links.length === 0 || (links.length <= CAUSES_MAX && isObject(at) && !seen.has(at))) {
    seen.add(at);
    const name = knownClass(safely(() => (Object.getPrototypeOf(at) as object | null)?.constructor.name));
    links.push({
      class: name,
      code: knownCode(
        name,
        safely(() => (at as { code?: unknown }).code),
      ),
      frames: ownFrames(
        safely(() => (at as { stack?: unknown }).stack),
        safely(() => (at as { message?: unknown }).message),
        FRAMES_MAX,
      ),
    });
    const from = at;
    at = safely(() => (from as { cause?: unknown }).cause);
  }
  return links;
}

const isObject = (value: unknown): boolean =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** A getter or a proxy may throw: then there is nothing to read. */
function safely(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function fingerprintOf({ class: name, code, frames, causes }: Omit<ScrubbedError, 'fingerprint'>): string {
  const places = frames.map(({ file, function: called }) => [file, called]);
  return createHash('sha256')
    .update(JSON.stringify([name, code, causes, places]))
    .digest('hex')
    .slice(0, 32);
}

/** A frame in one line, for a column: `server/src/ledger/post.ts:12 post`. */
export const frameLine = ({ file, line, function: called }: OwnFrame): string =>
  called === null ? `${file}:${line}` : `${file}:${line} ${called}`;
