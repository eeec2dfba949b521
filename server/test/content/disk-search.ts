// Looks for octets in every file below some folders, whatever the files are: tables, the write-ahead log, temporary
// files, keys, logs, core dumps. Files are read in pieces that overlap, so that nothing hides at a seam.
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Form } from './canary-forms.ts';

export interface Hit {
  readonly file: string;
  readonly form: string;
}

export interface Searched {
  readonly hits: readonly Hit[];
  readonly files: number;
  readonly bytes: number;
}

const PIECE_BYTES = 4_194_304;

/** Each form at most once a file. A file that goes away meanwhile is left out; everything else must be readable. */
export function searchDisk(
  folders: readonly string[],
  forms: readonly Form[],
  pieceBytes = PIECE_BYTES,
): Searched {
  const hits: Hit[] = [];
  let files = 0;
  let bytes = 0;
  for (const file of folders.flatMap((folder) => [...filesIn(folder)])) {
    const found = new Set<string>();
    const length = readPieces(file, forms, pieceBytes, found);
    if (length === null) continue;
    files += 1;
    bytes += length;
    for (const form of found) hits.push({ file, form });
  }
  return { hits, files, bytes };
}

function* filesIn(path: string): Generator<string> {
  if (!existsSync(path)) return;
  const stat = lstatSync(path);
  if (stat.isFile()) yield path;
  if (!stat.isDirectory()) return;
  for (const name of readdirSync(path)) yield* filesIn(join(path, name));
}

function readPieces(
  file: string,
  forms: readonly Form[],
  pieceBytes: number,
  found: Set<string>,
): number | null {
  const overlap = Math.max(...forms.map(({ octets }) => octets.length)) - 1;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const piece = Buffer.alloc(overlap + pieceBytes);
    let kept = 0;
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, piece, kept, pieceBytes, null);
      if (read === 0) return length;
      length += read;
      const here = piece.subarray(0, kept + read);
      for (const { name, octets } of forms) if (!found.has(name) && here.includes(octets)) found.add(name);
      kept = Math.min(overlap, here.length);
      here.copyWithin(0, here.length - kept);
    }
  } finally {
    closeSync(descriptor);
  }
}
