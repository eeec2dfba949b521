// Looks for octets in every file below some folders, whatever the files are: tables, the write-ahead log, temporary
// files, keys, logs, core dumps. Files are read in pieces that overlap, so that nothing hides at a seam.
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Form } from './canary-forms.ts';
import { createPatternSearch } from './pattern-search.ts';

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
  const search = createPatternSearch(forms.map(({ octets }) => octets));
  const overlap = Math.max(...forms.map(({ octets }) => octets.length)) - 1;
  const buffer = Buffer.alloc(overlap + pieceBytes);
  const hits: Hit[] = [];
  let files = 0;
  let bytes = 0;
  for (const file of folders.flatMap((folder) => [...filesIn(folder)])) {
    const found = new Set<number>();
    const length = readPieces(file, overlap, buffer, (piece) => {
      for (const at of search(piece)) found.add(at);
    });
    if (length === null) continue;
    files += 1;
    bytes += length;
    for (const [at, { name }] of forms.entries()) if (found.has(at)) hits.push({ file, form: name });
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

/** Gives a file piece by piece, each with the end of the one before; returns its length, or null when it is gone. */
function readPieces(
  file: string,
  overlap: number,
  buffer: Buffer,
  take: (piece: Buffer) => void,
): number | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    let kept = 0;
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, kept, buffer.length - overlap, null);
      if (read === 0) return length;
      length += read;
      const here = buffer.subarray(0, kept + read);
      take(here);
      kept = Math.min(overlap, here.length);
      here.copyWithin(0, here.length - kept);
    }
  } finally {
    closeSync(descriptor);
  }
}
