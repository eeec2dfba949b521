// An archive gives back what was put into it, or nothing: no octet of it can be changed, moved, left out or added
// without being refused, and nothing of it can be read without the key.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, test } from 'node:test';
import { Refusal } from '../errors.ts';
import { type ArchiveEntry, type ArchiveSink, readArchive, writeArchive } from './archive.ts';
import { FRAME, frame, frames } from './archive-frames.ts';
import { HEADER_OCTETS } from './archive-header.ts';
import { readBackupSecret } from './backup-key.ts';
import type { KeyFacts } from './manifest.ts';
import { CHUNK_OCTETS } from './sealed-chunks.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-archive-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = Buffer.from('a passphrase of the tests, long enough');
const SEALED_CHUNK = CHUNK_OCTETS + 16;
const facts: KeyFacts = {
  kind: 'keys',
  created_at: '2026-01-31T12:00:00.000Z',
  expires_at: '2026-02-14T12:00:00.000Z',
  erasures: { log: '01976f3e-6f1c-7a7e-8f00-000000000001', sequence: 3, chain: 'ab'.repeat(32) },
};

let made = 0;
const newPath = () => join(folder, `${++made}.backup`);

async function archiveOf(contents: Readonly<Record<string, readonly Buffer[] | null>>): Promise<string> {
  const path = newPath();
  async function* entries(): AsyncGenerator<ArchiveEntry> {
    for (const [name, content] of Object.entries(contents)) {
      yield content === null ? { path: name } : { path: name, content };
    }
  }
  await writeArchive(path, SECRET, { entries: entries(), facts: () => facts });
  return path;
}

function collecting(): { sink: ArchiveSink; files: Map<string, Buffer>; folders: string[] } {
  const files = new Map<string, Buffer>();
  const folders: string[] = [];
  return {
    files,
    folders,
    sink: {
      folder: async (path) => void folders.push(path),
      async file(path) {
        const out = new PassThrough();
        const pieces: Buffer[] = [];
        out.on('data', (piece: Buffer) => pieces.push(piece));
        out.on('end', () => files.set(path, Buffer.concat(pieces)));
        return out;
      },
    },
  };
}

const refused = (says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.match(error.message, says);
  assert.ok(error.waysOut.length > 0, 'it names a way out');
  return true;
};
const ANY = /backup/;

/** Content over several chunks that no compression makes smaller. */
const large = randomBytes(3 * CHUNK_OCTETS + 1_000);

test('what was archived comes back whole, with its manifest', async () => {
  const path = await archiveOf({
    empty: null,
    'empty/nothing': [],
    'empty/small': [Buffer.from('small')],
    large: [large.subarray(0, 200_000), large.subarray(200_000, 700_000), large.subarray(700_000)],
  });
  const { sink, files, folders } = collecting();
  const manifest = await readArchive(path, SECRET, sink);
  assert.deepEqual(manifest.facts, facts);
  assert.deepEqual(folders, ['empty']);
  assert.deepEqual([...files.keys()], ['empty/nothing', 'empty/small', 'large']);
  assert.equal(files.get('empty/small')!.toString(), 'small');
  assert.ok(files.get('large')!.equals(large));
  assert.deepEqual(
    manifest.files.map(({ octets }) => octets),
    [0, 5, large.length],
  );
});

test('an archive is closed to other users, and shows nothing of its content or names', async () => {
  const path = await archiveOf({ 'canary-name': [Buffer.from('the canary sings '.repeat(20))] });
  const octets = readFileSync(path);
  for (const clear of ['canary', 'sings', 'sha256', SECRET.toString()]) assert.ok(!octets.includes(clear));
});

test('two archives of the same content have no chunk in common', async () => {
  const [one, two] = await Promise.all([archiveOf({ a: [large] }), archiveOf({ a: [large] })]);
  const [first, second] = [readFileSync(one), readFileSync(two)];
  assert.notDeepEqual(first.subarray(10, HEADER_OCTETS), second.subarray(10, HEADER_OCTETS));
  assert.ok(!second.includes(first.subarray(HEADER_OCTETS, HEADER_OCTETS + 64)));
});

describe('a bad archive is refused', () => {
  const good = archiveOf({ a: [large] });
  const altered = async (change: (octets: Buffer) => Buffer): Promise<string> => {
    const path = newPath();
    writeFileSync(path, change(Buffer.from(readFileSync(await good))));
    return path;
  };

  test('when one bit of it is flipped, wherever that is', async () => {
    const { length } = readFileSync(await good);
    const offsets = [
      ...[0, 9, 10, 26, 33, 45, HEADER_OCTETS - 1],
      HEADER_OCTETS,
      HEADER_OCTETS + SEALED_CHUNK - 1,
      HEADER_OCTETS + SEALED_CHUNK,
      length - 17,
      length - 1,
    ].filter((at) => at < length);
    for (const at of offsets) {
      const path = await altered((octets) => {
        octets[at]! ^= 1;
        return octets;
      });
      await assert.rejects(readArchive(path, SECRET), refused(ANY), `octet ${at}`);
    }
  });

  test('when it is cut short, also at the border of a chunk', async () => {
    const { length } = readFileSync(await good);
    const ends = [0, HEADER_OCTETS - 1, HEADER_OCTETS, HEADER_OCTETS + 15, length - 1];
    for (let at = HEADER_OCTETS + SEALED_CHUNK; at < length; at += SEALED_CHUNK) ends.push(at);
    for (const end of ends) {
      const path = await altered((octets) => octets.subarray(0, end));
      await assert.rejects(readArchive(path, SECRET), refused(ANY), `cut at ${end}`);
    }
  });

  test('when chunks are exchanged, repeated, left out or added', async () => {
    const chunk = (octets: Buffer, at: number) =>
      octets.subarray(HEADER_OCTETS + at * SEALED_CHUNK, HEADER_OCTETS + (at + 1) * SEALED_CHUNK);
    const orders: readonly (readonly number[])[] = [
      [1, 0, 2, 3],
      [0, 0, 1, 2, 3],
      [0, 2, 3],
      [0, 1, 2, 3, 3],
      [3],
    ];
    for (const order of orders) {
      const path = await altered((octets) =>
        Buffer.concat([octets.subarray(0, HEADER_OCTETS), ...order.map((at) => chunk(octets, at))]),
      );
      await assert.rejects(readArchive(path, SECRET), refused(/damaged/), order.join());
    }
    const longer = await altered((octets) => Buffer.concat([octets, Buffer.from([0])]));
    await assert.rejects(readArchive(longer, SECRET), refused(/damaged/));
  });

  test('when its chunks are those of another archive under the same secret', async () => {
    const other = readFileSync(await archiveOf({ a: [large] }));
    const path = await altered((octets) =>
      Buffer.concat([octets.subarray(0, HEADER_OCTETS), other.subarray(HEADER_OCTETS)]),
    );
    await assert.rejects(readArchive(path, SECRET), refused(/damaged/));
  });

  test('when the secret is another one', async () => {
    const wrong = Buffer.from('another passphrase, also long enough');
    await assert.rejects(readArchive(await good, wrong), refused(/key does not open this backup/));
  });

  test('when it has another format, by name of both', async () => {
    for (const format of [0, 2]) {
      const path = await altered((octets) => {
        octets.writeUInt16BE(format, 8);
        return octets;
      });
      await assert.rejects(
        readArchive(path, SECRET),
        refused(new RegExp(`format ${format}.*reads format 1`)),
      );
    }
  });

  test('when it is no archive at all, or is not there', async () => {
    const path = newPath();
    writeFileSync(path, randomBytes(10_000));
    await assert.rejects(readArchive(path, SECRET), refused(/no backup of Sotto/));
    await assert.rejects(readArchive(newPath(), SECRET), refused(/cannot be read \(ENOENT\)/));
  });

  test('when a genuine one names a path outside the folder it goes to', async () => {
    for (const name of ['../a', '/a', 'a/../b', 'a\0b']) {
      const path = await archiveOf({ [name]: [Buffer.from('x')] });
      const { sink, files } = collecting();
      await assert.rejects(readArchive(path, SECRET, sink), refused(/not what this release writes/), name);
      assert.equal(files.size, 0);
    }
  });
});

describe('writing', () => {
  test('replaces no file, and leaves the one that is there as it was', async () => {
    const path = newPath();
    writeFileSync(path, 'precious');
    const before = readdirSync(folder).length;
    const entries = (async function* (): AsyncGenerator<ArchiveEntry> {
      yield { path: 'a', content: [large] };
    })();
    await assert.rejects(
      writeArchive(path, SECRET, { entries, facts: () => facts }),
      refused(/exists already/),
    );
    assert.equal(readFileSync(path, 'utf8'), 'precious');
    assert.equal(readdirSync(folder).length, before, 'nothing half-written is left');
  });

  test('that fails half-way leaves no file', async () => {
    const path = newPath();
    const entries = (async function* (): AsyncGenerator<ArchiveEntry> {
      yield { path: 'a', content: [large] };
      throw new Error('the source broke');
    })();
    await assert.rejects(writeArchive(path, SECRET, { entries, facts: () => facts }), /the source broke/);
    assert.ok(!existsSync(path));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.partial')),
      [],
    );
  });
});

test('frames cut anywhere are the same frames, and half of one is refused', async () => {
  const whole = Buffer.concat([
    frame(FRAME.file, Buffer.from('name')),
    frame(FRAME.data, Buffer.from('content')),
    frame(FRAME.data, Buffer.alloc(0)),
  ]);
  const read = async (pieces: readonly Buffer[]) => {
    const found: string[] = [];
    const source = (async function* () {
      yield* pieces;
    })();
    for await (const { kind, content } of frames(source)) found.push(`${kind}:${content}`);
    return found;
  };
  for (let cut = 0; cut <= whole.length; cut++) {
    assert.deepEqual(await read([whole.subarray(0, cut), whole.subarray(cut)]), [
      '2:name',
      '3:content',
      '3:',
    ]);
    const isBorder = [0, 9, 21, whole.length].includes(cut);
    if (!isBorder) await assert.rejects(read([whole.subarray(0, cut)]), refused(ANY));
  }
});

describe('the backup key', () => {
  const file = join(folder, 'key');
  test('is refused when it is not named, missing, open to others or short', async () => {
    await assert.rejects(readBackupSecret(undefined), refused(/SOTTO_BACKUP_KEY_FILE names no key/));
    await assert.rejects(readBackupSecret(file), refused(/ENOENT/));
    writeFileSync(file, 'short\n', { mode: 0o600 });
    await assert.rejects(readBackupSecret(file), refused(/24 characters/));
    writeFileSync(file, 'k'.repeat(64));
    chmodSync(file, 0o640);
    await assert.rejects(readBackupSecret(file), refused(/read by other users/));
  });

  test('is the same with and without the line break an editor adds', async () => {
    chmodSync(file, 0o600);
    writeFileSync(file, 'k'.repeat(64));
    const bare = await readBackupSecret(file);
    writeFileSync(file, `${'k'.repeat(64)}\n`);
    assert.ok(bare.equals(await readBackupSecret(file)));
  });
});
