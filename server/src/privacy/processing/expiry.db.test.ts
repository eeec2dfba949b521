// When restrictions and objections end: never while they stand, and then as the policy counts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { openKeyring } from '../keys/cached-keyring.ts';
import { openMemoryKeyStore } from '../keys/memory-key-store.ts';
import { endOf } from '../retention/limit.ts';
import {
  endWorkspaces,
  expireDue,
  liftLegalHold,
  placeLegalHold,
  retentionReport,
} from '../retention/retention.ts';
import { expireAt } from '../retention/test/expire-at.ts';
import { limitsFrom } from '../retention/test/limits.ts';
import { processingExpiry } from './expiry.ts';
import { lift, object, processingUnder, restrict, withdrawObjection } from './processing.ts';
import type { ProcessingSubject } from './subject.ts';
import { memoryConsents } from './test/memory-consents.ts';

const LIMIT = 'P24M';
const DAY_MS = 86_400_000;
const bases = { improve: 'legitimate_interest', service: 'contract' } as const;

describe('the end of what was asked of processing', async () => {
  const at = useDatabase();
  const keyring = await openKeyring(openMemoryKeyStore());
  const options = () => ({
    db: at.db,
    keyring,
    limits: limitsFrom({ subject_request: [LIMIT, 'created'] }),
    handlers: processingExpiry,
    keyDayUsers: [],
    restFactor: 0,
  });
  const run = async () => {
    const done = await expireDue(options(), new AbortController().signal);
    if (done.failures.length > 0) throw done.failures[0];
  };
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => at.db.batch(work);
  const processing = processingUnder(bases, memoryConsents());
  const verdict = (subject: ProcessingSubject) => inTx((tx) => processing.mayProcess(tx, subject, 'improve'));
  const workspace = (): ProcessingSubject => ({ kind: 'workspace', id: newId() });
  const now = async () => (await at.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now;
  const advanceTo = async (moment: Date, byMs: number) =>
    at.advance(moment.getTime() + byMs - (await now()).getTime());
  const left = async ({ id }: ProcessingSubject) =>
    (
      await at.sql<{ n: number }>(
        `select ((select count(*) from privacy.restriction where subject_id = $1)
               + (select count(*) from privacy.objection where subject_id = $1))::int as n`,
        [id],
      )
    )[0]!.n;
  const madeAt = async ({ id }: ProcessingSubject) =>
    (
      await at.sql<{ since: Date }>(
        `select since from privacy.restriction where subject_id = $1
          union all select since from privacy.objection where subject_id = $1 order by since desc limit 1`,
        [id],
      )
    )[0]!.since;
  const ask = {
    restriction: (subject: ProcessingSubject) => inTx((tx) => restrict(tx, subject, 'accuracy_contested')),
    objection: (subject: ProcessingSubject) => inTx((tx) => object(tx, subject, 'improve', bases)),
  };
  const close = {
    restriction: (subject: ProcessingSubject) => inTx((tx) => lift(tx, subject, 'accuracy_contested')),
    objection: (subject: ProcessingSubject) => inTx((tx) => withdrawObjection(tx, subject, 'improve')),
  };

  for (const what of ['restriction', 'objection'] as const) {
    test(`a closed ${what} is there a second before its limit and gone a second after`, async () => {
      const subject = workspace();
      await ask[what](subject);
      await close[what](subject);
      const end = endOf(LIMIT, await madeAt(subject));
      await advanceTo(end, 1_000);
      await expireAt(at.db, processingExpiry, LIMIT, new Date(end.getTime() - 1_000));
      assert.equal(await left(subject), 1);
      await run();
      assert.equal(await left(subject), 0);
    });

    test(`a standing ${what} outlives the limit and is heeded, and goes once it is closed`, async () => {
      const subject = workspace();
      await ask[what](subject);
      await at.advance(4_000 * DAY_MS);
      await run();
      assert.equal(await verdict(subject), what === 'restriction' ? 'restricted' : 'objected');
      const [report] = (await retentionReport(options())).filter(({ key }) => key === 'subject_request');
      assert.equal(report!.overdue, 0, 'what is in force is not overdue');
      await close[what](subject);
      await run();
      assert.equal(await left(subject), 0);
      assert.equal(await verdict(subject), 'allowed');
    });

    test(`a standing ${what} is closed with its workspace, and ends`, async () => {
      const [subject, other] = [workspace(), workspace()];
      for (const each of [subject, other]) await ask[what](each);
      await inTx((tx) => endWorkspaces(tx, [subject.id]));
      const end = endOf(LIMIT, await madeAt(subject));
      await advanceTo(end, 1_000);
      await expireAt(at.db, processingExpiry, LIMIT, new Date(end.getTime() - 1_000));
      assert.deepEqual([await left(subject), await left(other)], [1, 1]);
      await run();
      assert.deepEqual([await left(subject), await left(other)], [0, 1]);
    });
  }

  test('a legal hold keeps what its workspace asked, and lifted lets it go', async () => {
    const subject = workspace();
    await ask.objection(subject);
    await close.objection(subject);
    const hold = await inTx((tx) => placeLegalHold(tx, subject.id, 'court_order'));
    await at.advance(800 * DAY_MS);
    await run();
    assert.equal(await left(subject), 1);
    const [report] = (await retentionReport(options())).filter(({ key }) => key === 'subject_request');
    assert.equal(report!.held, 1);
    await inTx((tx) => liftLegalHold(tx, hold.id));
    await run();
    assert.equal(await left(subject), 0);
  });

  test('the database deletes none that stands, whatever the statement', async () => {
    const subject = workspace();
    await ask.restriction(subject);
    await ask.objection(subject);
    await at.sql('set role sotto_batch');
    try {
      await at.sql('delete from privacy.restriction');
      await at.sql('delete from privacy.objection');
    } finally {
      await at.sql('reset role');
    }
    assert.equal(await left(subject), 2);
  });
});
