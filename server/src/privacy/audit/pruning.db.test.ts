// Retention of the trail: whole months go, their signed heads stay, and the check goes on from them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pruneAudit } from './prune.ts';
import { useTrail } from './test/trail.ts';

describe('privacy: pruning', () => {
  const trail = useTrail();
  const DAY_MS = 86_400_000;
  const prune = (keptDays: number) => pruneAudit(trail.database.db, trail.keyring, keptDays);
  const count = async (table: string) =>
    (
      await trail.database.sql<{ count: number }>(`select count(*)::integer as count from privacy.${table}`)
    )[0]!.count;

  test('a month past its time goes whole, and the chain is checked on from its signed head', async () => {
    for (let month = 0; month < 3; month++) {
      await trail.write(6);
      await trail.seal();
      await trail.database.advance(32 * DAY_MS);
    }
    assert.deepEqual(await prune(365), { month: null, segments: 0, entries: 0 });
    const { segments, entries } = await prune(40);
    assert.deepEqual([segments, entries], [1, 6]);
    assert.equal(await count('audit_segment'), 3, 'the heads stay');
    const after = await trail.verify();
    assert.equal(after.firstBreak, null);
    assert.deepEqual([after.segments, after.prunedSegments, after.links], [3, 1, 12]);
  });

  test('that a month went is an entry of the trail', async () => {
    const found = await trail.database.sql(
      `select affected, actor_kind from privacy.audit_entry where action = 'audit.pruned'`,
    );
    assert.deepEqual(found, [{ affected: 6, actor_kind: 'system' }]);
  });

  test('the chain grows on, and a pruned segment does not', async () => {
    await trail.write(3);
    assert.equal(await trail.seal(), 4);
    await trail.database.advance(500 * DAY_MS);
    while ((await prune(40)).month !== null);
    await trail.write(1);
    await trail.seal();
    const { firstBreak, segments, prunedSegments } = await trail.verify();
    assert.equal(firstBreak, null);
    assert.equal(segments - prunedSegments, 1);
  });

  test('a month with an entry that waits for its place is not pruned', async () => {
    await trail.write(1);
    const sealed = await count('audit_pruning');
    await trail.database.advance(100 * DAY_MS);
    assert.equal((await prune(40)).month, null);
    assert.equal(await count('audit_pruning'), sealed);
    await trail.seal();
    assert.notEqual((await prune(40)).month, null);
  });

  test('entries that somebody else removed are not taken for pruned', async () => {
    await trail.write(2);
    await trail.seal();
    await trail.tamper(
      `insert into privacy.audit_pruning
       select s.segment, p.pruned_at, p.key_epoch, p.signature
         from privacy.audit_segment s, privacy.audit_pruning p
        where s.segment = (select max(segment) from privacy.audit_segment) and p.segment = 1`,
    );
    await trail.tamper(
      `delete from privacy.audit_link where segment = (select max(segment) from privacy.audit_segment)`,
    );
    assert.equal((await trail.verify()).firstBreak?.kind, 'deleted');
  });
});
