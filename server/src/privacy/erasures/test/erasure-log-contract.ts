// What every erasure log promises, be it a file or a table.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Refusal } from '#platform/errors';
import type { ErasureLog } from '../erasure-log.ts';
import type { ErasurePlace } from '../erasure-place.ts';

export const newIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

/** Every id that was logged after an entry, in order. */
export async function idsAfter(log: ErasureLog, sequence: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { ids } of log.after(sequence)) found.push(...ids);
  return found;
}

/** Accepts a `Refusal` that says so and names a way out. */
export const refused = (says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.match(error.message, says);
  assert.ok(error.waysOut.length > 0);
  return true;
};

/** `place` gives one where no log is yet. */
export function erasureLogContract(name: string, place: () => Promise<ErasurePlace>): void {
  const begun = async () => {
    const at = await place();
    await at.create();
    return { at, log: await at.open() };
  };

  test(`${name}: none is there before it is made, and opening it is refused`, async () => {
    const at = await place();
    assert.equal(await at.exists(), false);
    await assert.rejects(at.open(), refused(/no erasure log/));
    await at.create();
    assert.equal(await at.exists(), true);
    assert.equal((await (await at.open()).head()).sequence, 0);
  });

  test(`${name}: gives back every erasure in its order, also to whoever opens it later`, async () => {
    const { at, log } = await begun();
    const [first, second] = [newIds(1), newIds(2_500)];
    await log.record('messages.content', first);
    await log.record('keys', second);
    await log.record('keys', []);
    const reopened = await at.open();
    assert.deepEqual(await idsAfter(reopened, 0), [...first, ...second]);
    assert.deepEqual(await idsAfter(reopened, 1), second);
    assert.equal((await reopened.head()).sequence, 4, 'long lists take several entries');
  });

  test(`${name}: takes what several processes and many callers record at once, each once`, async () => {
    const { at, log } = await begun();
    const other = await at.open();
    const all = newIds(120);
    await Promise.all(all.map((id, turn) => (turn % 2 === 0 ? log : other).record('keys', [id])));
    assert.deepEqual((await idsAfter(log, 0)).sort(), [...all].sort());
    assert.deepEqual(await log.head(), await other.head());
  });

  test(`${name}: covers the moments it had, and none of another log`, async () => {
    const [{ log }, { log: other }] = [await begun(), await begun()];
    const start = await log.head();
    await log.record('keys', newIds(1));
    const later = await log.head();
    assert.ok((await log.covers(start)) && (await log.covers(later)));
    assert.ok(!(await log.covers({ ...later, chain: start.chain })));
    assert.ok(!(await log.covers({ ...later, sequence: 2 })));
    assert.ok(!(await other.covers(start)));
  });

  test(`${name}: takes ids alone, and goes on after a refusal`, async () => {
    const { log } = await begun();
    const wrong: readonly (readonly [string, string])[] = [
      ['keys', '+4915123456789'],
      ['keys', 'someone@example.com'],
      ['Keys of +49', randomUUID()],
    ];
    const good = newIds(1);
    const answers = await Promise.allSettled([
      ...wrong.map(([kind, id]) => log.record(kind, [id])),
      log.record('keys', good),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await idsAfter(log, 0), good);
  });

  test(`${name}: set aside, it makes room for a new one that does not cover it`, async () => {
    const { at, log } = await begun();
    await log.record('keys', newIds(1));
    const old = await log.head();
    await at.setAside();
    await at.create();
    const next = await at.open();
    assert.equal((await next.head()).sequence, 0);
    assert.ok(!(await next.covers(old)));
    assert.deepEqual(await idsAfter(next, 0), []);
  });
}
