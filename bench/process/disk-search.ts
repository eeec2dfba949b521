// Whether some text stands in clear in a folder: in any octet of any file, whatever the file calls itself.
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const PIECE_OCTETS = 4 * 1024 * 1024;

/** Paths of the files that hold the text. A file that goes away meanwhile holds nothing. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await holds(path, Buffer.from(text)))) found.push(path);
  }
  return found;
}

async function holds(path: string, wanted: Buffer): Promise<boolean> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return false;
  try {
    // Pieces overlap by what a text may lie across.
    const piece = Buffer.alloc(PIECE_OCTETS + wanted.length - 1);
    for (let at = 0; ; at += PIECE_OCTETS) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (piece.subarray(0, bytesRead).includes(wanted)) return true;
      if (bytesRead < piece.length) return false;
    }
  } finally {
    await file.close();
  }
}
