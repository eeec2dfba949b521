// The erasure log as a file: lines of JSON that only grow in number. The first one names the log; each further one
// carries a digest over all before it, so that a log that was cut, mixed or edited is known as such.
//
//   {"log":"<uuid>","format":1}
//   {"sequence":1,"kind":"keys","ids":["<uuid>", ...],"at":"<time>","chain":"<sha-256>"}
//
// A last line without its line break was never acknowledged to anybody, and does not count.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Refusal } from '#platform/errors';
import type { ErasureMark } from '../keys/key-store.ts';

const FORMAT = 1;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const KIND = /^[a-z_]+(?:\.[a-z_]+)*$/;
const READ_OCTETS = 64 * 1024;

/** What was erased: things of one kind, by their ids. */
export interface Erasure {
  readonly kind: string;
  readonly ids: readonly string[];
}

export interface LoggedErasure extends Erasure {
  readonly sequence: number;
  /** The digest over the log up to and with this entry. */
  readonly chain: string;
}

/** Where a log ends: its mark, and how many octets of the file count. */
export interface LogTail {
  readonly mark: ErasureMark;
  readonly octets: number;
}

const digestOf = (chain: string, text: string) =>
  createHash('sha256').update(`sotto/erasures/v1|${chain}|${text}`).digest('hex');

/** The first line of a new log, and where it ends. */
export function firstLine(log: string): { readonly line: string; readonly tail: LogTail } {
  const text = JSON.stringify({ log, format: FORMAT });
  const mark = { log, sequence: 0, chain: digestOf('', text) };
  return { line: `${text}\n`, tail: { mark, octets: Buffer.byteLength(text) + 1 } };
}

/** Keeps everything but kinds and ids out of the log. */
export function assertErasure({ kind, ids }: Erasure): void {
  if (!KIND.test(kind) || !ids.every((id) => UUID.test(id)))
    throw new TypeError('An erasure has a kind and ids, which are UUIDs in lower case');
}

/** The next line of a log, and where it ends then. `at` is for people; nothing is decided by it. */
export function nextLine({ mark, octets }: LogTail, { kind, ids }: Erasure, at: Date) {
  const sequence = mark.sequence + 1;
  const body = { sequence, kind, ids, at: at.toISOString() };
  const chain = digestOf(mark.chain, JSON.stringify(body));
  const line = `${JSON.stringify({ ...body, chain })}\n`;
  return {
    line,
    tail: { mark: { log: mark.log, sequence, chain }, octets: octets + Buffer.byteLength(line) },
  };
}

/** A line as it was read: the log's first one has no erasure. */
export interface ReadLine {
  readonly erasure: LoggedErasure | null;
  readonly tail: LogTail;
}

/**
 * Reads a log from its beginning, or from a tail of it on, and checks every line. Throws a `Refusal` on a line that is
 * none, and the system's error when there is no file.
 */
export async function* readLines(path: string, after?: LogTail): AsyncGenerator<ReadLine> {
  let tail = after;
  for await (const line of linesOf(path, after?.octets ?? 0)) {
    const erasure = tail === undefined ? null : parse(path, line, tail);
    tail =
      tail === undefined || erasure === null
        ? parseFirst(path, line)
        : {
            mark: { log: tail.mark.log, sequence: erasure.sequence, chain: erasure.chain },
            octets: tail.octets + Buffer.byteLength(line) + 1,
          };
    yield { erasure, tail };
  }
  if (tail === undefined) throw damaged(path, 1);
}

function parseFirst(path: string, line: string): LogTail {
  const { log, format } = fieldsOf(path, line, 1);
  if (typeof log !== 'string' || !UUID.test(log)) throw damaged(path, 1);
  if (format !== FORMAT) {
    throw new Refusal(`The erasure log ${path} has format ${String(format)}; this release reads ${FORMAT}.`, [
      'start the release that wrote it',
    ]);
  }
  return firstLine(log).tail;
}

function parse(path: string, line: string, { mark }: LogTail): LoggedErasure {
  const { sequence, kind, ids, at, chain } = fieldsOf(path, line, mark.sequence + 2);
  const expected = digestOf(mark.chain, JSON.stringify({ sequence, kind, ids, at }));
  if (sequence !== mark.sequence + 1 || chain !== expected || !Array.isArray(ids) || typeof kind !== 'string')
    throw damaged(path, mark.sequence + 2);
  return { sequence, kind, ids: ids as string[], chain };
}

function fieldsOf(path: string, line: string, number: number): Record<string, unknown> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    throw damaged(path, number);
  }
}

const damaged = (path: string, line: number) =>
  new Refusal(`The erasure log ${path} is damaged at line ${line}.`, [
    'restore the file from a copy that is whole',
    'if there is none: sotto erasures begin --accept-loss (read docs/runbooks/backup-and-restore.md first)',
  ]);

async function* linesOf(path: string, start: number): AsyncGenerator<string> {
  const file = await open(path, 'r');
  try {
    let left = Buffer.alloc(0);
    for (let at = start; ; ) {
      const piece = Buffer.alloc(READ_OCTETS);
      const { bytesRead } = await file.read(piece, 0, READ_OCTETS, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      left = Buffer.concat([left, piece.subarray(0, bytesRead)]);
      for (let end = left.indexOf(10); end !== -1; end = left.indexOf(10)) {
        yield left.toString('utf8', 0, end);
        left = left.subarray(end + 1);
      }
    }
  } finally {
    await file.close();
  }
}
