// An archive as a whole: files -> frames -> zstd -> sealed chunks -> one new file, and the way back. Both ways stream:
// memory does not grow with what is archived.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { Refusal } from '../errors.ts';
import { FRAME, frame, frames, malformed } from './archive-frames.ts';
import { HEADER_OCTETS, makeArchiveKey, openArchiveKey } from './archive-header.ts';
import { type ArchivedFile, type BackupFacts, type Manifest, manifest } from './manifest.ts';
import { makeNewFile } from './new-file.ts';
import { openChunks, sealChunks } from './sealed-chunks.ts';

export { readBackupSecret } from './backup-key.ts';
export type { BackupFacts, DatabaseFacts, KeyFacts, Manifest } from './manifest.ts';
export { syncFolder } from './new-file.ts';

/** The lowest level: the cores are the running server's, and the disk is what most backups wait for. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const READ_OCTETS = 256 * 1024;

/** A folder or file to be archived. Paths are relative and divided by `/`. */
export interface ArchiveEntry {
  readonly path: string;
  /** Absent for a folder. At most 1 MiB a piece. */
  readonly content?: AsyncIterable<Buffer> | Iterable<Buffer>;
}

export interface WrittenArchive {
  readonly files: number;
  /** Octets of the files, and of the archive. */
  readonly contentOctets: number;
  readonly archiveOctets: number;
}

export interface ArchiveSource {
  readonly entries: AsyncIterable<ArchiveEntry>;
  /** Asked once all entries are written. */
  readonly facts: () => BackupFacts;
}

/** Writes a new archive. Throws a `Refusal` where the file exists; whatever goes wrong, nothing stands under its name. */
export async function writeArchive(
  path: string,
  secret: Buffer,
  { entries, facts }: ArchiveSource,
): Promise<WrittenArchive> {
  const archive = await makeArchiveKey(secret);
  const written: ArchivedFile[] = [];

  async function* framed(): AsyncGenerator<Buffer> {
    for await (const { path: name, content } of entries) {
      yield frame(content === undefined ? FRAME.folder : FRAME.file, Buffer.from(name));
      if (content === undefined) continue;
      const digest = createHash('sha256');
      let octets = 0;
      for await (const piece of content) {
        digest.update(piece);
        octets += piece.length;
        yield frame(FRAME.data, piece);
      }
      written.push({ path: name, octets, sha256: digest.digest('hex') });
    }
    const said: Manifest = { facts: facts(), files: written };
    yield frame(FRAME.manifest, Buffer.from(JSON.stringify(said)));
  }

  try {
    return await makeNewFile(path, async (file) => {
      await file.writeFile(archive.header);
      let archiveOctets = HEADER_OCTETS;
      await pipeline(
        Readable.from(framed(), { objectMode: false }),
        createZstdCompress(COMPRESSION),
        sealChunks(archive),
        async (chunks: AsyncIterable<Buffer>) => {
          for await (const chunk of chunks) {
            // Goes on where the last one ended.
            await file.writeFile(chunk);
            archiveOctets += chunk.length;
          }
        },
      );
      return {
        files: written.length,
        contentOctets: written.reduce((sum, { octets }) => sum + octets, 0),
        archiveOctets,
      };
    });
  } finally {
    archive.key.fill(0);
  }
}

/** What a reader does with the entries as they come. Nothing is proved before the reading has ended well. */
export interface ArchiveSink {
  folder(path: string): Promise<void>;
  /** Where the content goes. It is ended when the file ends, and destroyed when the archive proves bad. */
  file(path: string): Promise<Writable>;
}

/**
 * Reads an archive to its end and returns its manifest. Without a sink it only checks. Throws a `Refusal` when the
 * secret does not open it, and when any of it is damaged, altered, missing, repeated or too much.
 */
export async function readArchive(path: string, secret: Buffer, sink?: ArchiveSink): Promise<Manifest> {
  const file = await openArchive(path);
  try {
    const header = Buffer.alloc(HEADER_OCTETS);
    const { bytesRead } = await file.read(header, 0, HEADER_OCTETS, 0);
    const archive = await openArchiveKey(secret, header.subarray(0, bytesRead));
    try {
      let said: Manifest | undefined;
      await pipeline(
        Readable.from(octetsAfter(file, HEADER_OCTETS), { objectMode: false }),
        openChunks(archive),
        createZstdDecompress(),
        async (pieces: AsyncIterable<Buffer>) => {
          said = await readFrames(pieces, sink);
        },
      );
      if (said === undefined) throw malformed();
      return said;
    } finally {
      archive.key.fill(0);
    }
  } catch (error) {
    // Genuine octets always decompress: what does not was never written by us.
    if (/^ZSTD_|^ERR_ZSTD/.test((error as NodeJS.ErrnoException).code ?? '')) throw malformed();
    throw error;
  } finally {
    await file.close();
  }
}

async function openArchive(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new Refusal(
      `The backup ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      ['name the file that sotto backup wrote'],
      error,
    );
  }
}

async function* octetsAfter(file: FileHandle, start: number): AsyncGenerator<Buffer> {
  for (let at = start; ; ) {
    const piece = Buffer.allocUnsafe(READ_OCTETS);
    const { bytesRead } = await file.read(piece, 0, READ_OCTETS, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

async function readFrames(pieces: AsyncIterable<Buffer>, sink: ArchiveSink | undefined): Promise<Manifest> {
  const found: ArchivedFile[] = [];
  const names = new Set<string>();
  let current: OpenFile | undefined;
  let said: Manifest | undefined;
  try {
    for await (const { kind, content } of frames(pieces)) {
      if (said !== undefined) throw malformed();
      if (kind === FRAME.data) {
        if (current === undefined) throw malformed();
        await current.write(content);
        continue;
      }
      if (current !== undefined) found.push(await current.end());
      current = undefined;
      if (kind === FRAME.manifest) {
        said = parseManifest(content);
        continue;
      }
      const name = safePath(content, names);
      if (kind === FRAME.folder) await sink?.folder(name);
      else current = openFile(name, await sink?.file(name));
    }
  } finally {
    current?.abandon();
  }
  if (said === undefined || JSON.stringify(said.files) !== JSON.stringify(found)) throw malformed();
  return said;
}

function parseManifest(content: Buffer): Manifest {
  try {
    return manifest.parse(JSON.parse(content.toString()));
  } catch {
    throw malformed();
  }
}

/** A path that stays inside the folder it is written to, and is not there yet. */
function safePath(content: Buffer, names: Set<string>): string {
  const name = content.toString();
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\0\\]/.test(part)))
    throw malformed();
  if (names.has(name)) throw malformed();
  names.add(name);
  return name;
}

interface OpenFile {
  write(piece: Buffer): Promise<void>;
  end(): Promise<ArchivedFile>;
  abandon(): void;
}

function openFile(path: string, out: Writable | undefined): OpenFile {
  const digest = createHash('sha256');
  let octets = 0;
  let failure: Error | undefined;
  out?.on('error', (error) => {
    failure = error;
  });
  const settled = (act: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => act((error) => (error ? reject(error) : resolve())));
  return {
    async write(piece) {
      digest.update(piece);
      octets += piece.length;
      if (failure) throw failure;
      // Waits for the disk, so that memory does not fill when the archive is read faster than files are written.
      if (out) await settled((done) => out.write(piece, done));
    },
    async end() {
      if (out) await settled((done) => out.end(() => done(failure)));
      return { path, octets, sha256: digest.digest('hex') };
    },
    abandon: () => void out?.destroy(),
  };
}
