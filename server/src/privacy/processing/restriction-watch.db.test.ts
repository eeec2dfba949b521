import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { log } from '#platform/log';
import { useDatabase } from '../../../test/harness.ts';
import type { Database } from '../../platform/db/database.ts';
import { lift, restrict } from './processing.ts';
import {
  type RestrictionWatch,
  type RestrictionWatchOptions,
  watchRestrictions,
} from './restriction-watch.ts';

const running: RestrictionWatch[] = [];
describe('privacy: restriction watch', () => {
  after(() => Promise.all(running.map((watch) => watch.stop())));
  const database = useDatabase();

  /** Longer than any test: these lists are read only when a test or their age asks for it. */
  const NEVER_MS = 3_600_000;

  async function watching(change: Partial<RestrictionWatchOptions> = {}): Promise<RestrictionWatch> {
    const watch = await watchRestrictions({ db: database.db, log, pollMs: NEVER_MS, ...change });
    running.push(watch);
    return watch;
  }

  const restrictSomeone = async (): Promise<string> => {
    const id = newId();
    await database.db.batch((tx) => restrict(tx, { kind: 'workspace', id }, 'accuracy_contested'));
    return id;
  };
  const restricted = { code: 'restricted', detail: 'A restriction of processing is open.' };

  test('a workspace that is restricted when a process starts is refused at once, others pass', async () => {
    const id = await restrictSomeone();
    const watch = await watching();
    await assert.rejects(watch.demand(id), restricted);
    await watch.demand(newId());
  });

  test('a new restriction and its end are seen by polling', async () => {
    const watch = await watching({ pollMs: 10 });
    const id = await restrictSomeone();
    const settles = async (expected: 'refused' | 'passed') => {
      for (let tries = 0; tries < 500; tries++) {
        const now = await watch.demand(id).then(
          () => 'passed' as const,
          () => 'refused' as const,
        );
        if (now === expected) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.fail(`never ${expected}`);
    };
    await settles('refused');
    await database.db.batch((tx) => lift(tx, { kind: 'workspace', id }, 'accuracy_contested'));
    await settles('passed');
  });

  test('a list older than ten seconds is read again before it answers, once for all who wait', async () => {
    let nowMs = 1_000_000;
    let reads = 0;
    const counted = { batch: (work: never) => ++reads && database.db.batch(work) } as unknown as Database;
    const watch = await watching({ db: counted, nowMs: () => nowMs });
    await watch.refresh();
    const id = await restrictSomeone();
    const before = reads;
    nowMs += 10_000;
    await watch.demand(id);
    assert.equal(reads, before, 'ten seconds are not too old');
    nowMs += 1;
    const asked = await Promise.allSettled([watch.demand(id), watch.demand(id), watch.demand(newId())]);
    assert.deepEqual(
      asked.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    );
    assert.equal(reads, before + 1);
  });

  test('when the list is stale and cannot be read, nobody passes', async () => {
    let nowMs = 1_000_000;
    let isAway = false;
    const db = {
      batch: async (work: never) => {
        if (isAway) throw new AppError('unavailable');
        return database.db.batch(work);
      },
    } as unknown as Database;
    const watch = await watching({ db, nowMs: () => nowMs });
    isAway = true;
    await watch.demand(newId());
    nowMs += 10_001;
    await assert.rejects(watch.demand(newId()), { code: 'unavailable' });
  });

  test('more restricted workspaces than fit in memory are asked about one by one', async () => {
    const [first, second] = [await restrictSomeone(), await restrictSomeone()];
    const watch = await watching({ workspacesMax: 1 });
    await assert.rejects(watch.demand(first), restricted);
    await assert.rejects(watch.demand(second), restricted);
    await watch.demand(newId());
  });
});
