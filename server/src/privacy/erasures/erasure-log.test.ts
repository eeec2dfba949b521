// The erasure log forgets nothing it acknowledged, shows when it was cut, mixed or edited, and is shared by processes.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { keyIdOf } from '../keys/key-ref.ts';
import { openMemoryKeyStore } from '../keys/memory-key-store.ts';
import { createErasureLog, type ErasureLog, openErasureLog } from './erasure-log.ts';
import { erasureFile } from './erasure-place.ts';
import { withRecordedDestruction } from './recorded-destruction.ts';
import { replayKeys, replayRows } from './replay.ts';
import { erasureLogContract, newIds as ids, idsAfter, refused } from './test/erasure-log-contract.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-erasures-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function newLog(): Promise<{ path: string; log: ErasureLog }> {
  const path = join(folder, randomUUID());
  await createErasureLog(path);
  return { path, log: await openErasureLog(path) };
}

erasureLogContract('a file', async () => erasureFile(join(folder, randomUUID())));

describe('a file', () => {
  test('is closed to other users, and refused when it is not', async () => {
    const { path } = await newLog();
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    await writeFile(`${path}-open`, await readFile(path), { mode: 0o644 });
    await assert.rejects(openErasureLog(`${path}-open`), refused(/read by other users/));
  });

  test('passes over a line that a killed process did not finish, and writes on over it', async () => {
    const { path, log } = await newLog();
    const known = ids(2);
    await log.record('keys', [known[0]!]);
    await appendFile(path, '{"sequence":2,"kind":"keys","ids":["0197');
    const reopened = await openErasureLog(path);
    assert.equal((await reopened.head()).sequence, 1);
    await reopened.record('keys', [known[1]!]);
    assert.deepEqual(await idsAfter(await openErasureLog(path), 0), known);
  });

  test('is refused when a line was changed, taken out or added', async () => {
    const { path, log } = await newLog();
    for (const id of ids(3)) await log.record('keys', [id]);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const edits: readonly (readonly string[])[] = [
      [lines[0]!, lines[1]!.replace('keys', 'rows'), lines[2]!],
      [lines[0]!, lines[2]!, lines[3]!],
      [lines[0]!, lines[2]!, lines[1]!],
      [...lines, lines[3]!],
      [lines[0]!, 'nonsense'],
      [lines[0]!, 'null'],
    ];
    for (const edited of edits) {
      await writeFile(path, `${edited.join('\n')}\n`);
      await assert.rejects(openErasureLog(path), refused(/damaged at line \d/), edited.join());
    }
    await writeFile(path, '');
    await assert.rejects(openErasureLog(path), refused(/damaged at line 1/));
    await rm(path);
    await assert.rejects(openErasureLog(path), refused(/no erasure log/));
  });
});

describe('a replay', () => {
  const memoryOf = (initial: Awaited<ReturnType<ErasureLog['head']>> | null) => {
    const memory = {
      mark: initial,
      read: async () => memory.mark,
      async write(mark: Awaited<ReturnType<ErasureLog['head']>>) {
        memory.mark = mark;
      },
    };
    return memory;
  };

  test('destroys keys that a store from an older backup brought back, before it counts as up to date', async () => {
    const { log } = await newLog();
    const store = openMemoryKeyStore();
    const [gone, kept] = ids(2).map((subjectId) =>
      keyIdOf(store.identity, { class: 'identity', subjectId }),
    ) as [ReturnType<typeof keyIdOf>, ReturnType<typeof keyIdOf>];
    await withRecordedDestruction(openMemoryKeyStore(), log).destroy([gone]);
    await store.create([gone, kept]);
    assert.equal(await replayKeys(log, store), 1);
    assert.deepEqual(await store.open(gone), { state: 'destroyed' });
    assert.equal((await store.open(kept)).state, 'living');
    assert.deepEqual(await store.erasuresApplied(), await log.head());
    assert.equal(await replayKeys(log, store), 0, 'and has nothing left to do');
  });

  test('hands each kind to its handler, from where the database stands on', async () => {
    const { log } = await newLog();
    const [before, after, keys] = [ids(1), ids(2), ids(1)];
    await log.record('messages.content', before);
    const memory = memoryOf(await log.head());
    await log.record('keys', keys);
    await log.record('messages.content', after);
    const handed: string[] = [];
    const handlers = { 'messages.content': async (some: readonly string[]) => void handed.push(...some) };
    assert.equal(await replayRows(log, memory, handlers), 2);
    assert.deepEqual(handed, after);
    assert.deepEqual(memory.mark, await log.head());
  });

  test('that fails leaves the database where it was, so that the next one begins there', async () => {
    const { log } = await newLog();
    await log.record('messages.content', ids(1));
    const memory = memoryOf(null);
    await assert.rejects(
      replayRows(log, memory, {
        'messages.content': () => Promise.reject(new Error('the database went away')),
      }),
      /went away/,
    );
    assert.equal(memory.mark, null);
  });

  test('is refused with a log that is another one, or older than what database or keys know', async () => {
    const [{ log }, { log: other }] = [await newLog(), await newLog()];
    await log.record('keys', ids(1));
    const head = await log.head();
    const store = openMemoryKeyStore();
    await store.noteErasuresApplied(head);
    await assert.rejects(replayKeys(other, store), refused(/key store was used with another erasure log/));
    const ahead = { ...head, sequence: 9 };
    await assert.rejects(replayRows(log, memoryOf(ahead), {}), refused(/knows 9 erasures.* only 1 of them/));
  });

  test('is refused as a whole when the log names a kind nobody handles', async () => {
    const { log } = await newLog();
    await log.record('messages.content', ids(1));
    await log.record('contacts.row', ids(1));
    const handed: string[] = [];
    const handlers = { 'messages.content': async (some: readonly string[]) => void handed.push(...some) };
    await assert.rejects(
      replayRows(log, memoryOf(null), handlers),
      refused(/does not know \(contacts\.row\)/),
    );
    assert.deepEqual(handed, []);
  });
});

test('a key is in the log before it is destroyed, and is not destroyed when the log cannot be written', async () => {
  const bare = openMemoryKeyStore();
  const id = keyIdOf(bare.identity, { class: 'identity', subjectId: randomUUID() });
  await bare.create([id]);
  const store = withRecordedDestruction(bare, {
    record: () => Promise.reject(new Error('the disk is full')),
  });
  await assert.rejects(store.destroy([id]), /disk is full/);
  assert.equal((await bare.open(id)).state, 'living');
});
