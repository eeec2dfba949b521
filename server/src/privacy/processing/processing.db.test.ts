import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { readerAbout } from '../reading.ts';
import { privacy } from '../steward.ts';
import {
  isRestricted,
  lift,
  object,
  overruleObjection,
  processingUnder,
  restrict,
  restrictedAmong,
  withdrawObjection,
} from './processing.ts';
import type { ProcessingSubject } from './subject.ts';
import { memoryConsents } from './test/memory-consents.ts';
import type { BasisOfPurpose } from './verdict.ts';

describe('privacy: processing', () => {
  const database = useDatabase();
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => database.db.batch(work);
  const someone = (kind: ProcessingSubject['kind'] = 'workspace'): ProcessingSubject => ({
    kind,
    id: newId(),
  });

  const bases: BasisOfPurpose = {
    service: 'contract',
    reliability: 'legitimate_interest',
    analytics: 'consent',
    legal: 'legal_obligation',
  };

  test('a restriction holds from its transaction on until every ground of it is lifted', async () => {
    const subject = someone();
    const other = someone();
    assert.equal(await inTx((tx) => restrict(tx, subject, 'accuracy_contested')), 'restricted');
    assert.equal(await inTx((tx) => restrict(tx, subject, 'accuracy_contested')), 'already');
    assert.equal(await inTx((tx) => restrict(tx, subject, 'objection_pending')), 'restricted');
    const among = await inTx((tx) => restrictedAmong(tx, 'workspace', [other.id, subject.id]));
    assert.deepEqual([...among], [subject.id]);

    assert.equal(await inTx((tx) => lift(tx, subject, 'accuracy_contested')), 'lifted');
    assert.equal(await inTx((tx) => lift(tx, subject, 'accuracy_contested')), 'none');
    assert.equal(await inTx((tx) => isRestricted(tx, subject)), true);
    assert.equal(await inTx((tx) => lift(tx, subject, 'objection_pending')), 'lifted');
    assert.equal(await inTx((tx) => isRestricted(tx, subject)), false);
    assert.equal(await inTx((tx) => restrict(tx, subject, 'accuracy_contested')), 'restricted');
    const rows = await database.sql<{ reason: string; open: boolean }>(
      'select reason, until is null as open from privacy.restriction where subject_id = $1 order by id',
      [subject.id],
    );
    assert.deepEqual(
      rows.map(({ reason, open }) => [reason, open]),
      [
        ['accuracy_contested', false],
        ['objection_pending', false],
        ['accuracy_contested', true],
      ],
    );
  });

  test('two requests at once for one restriction open one', async () => {
    const subject = someone();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => inTx((tx) => restrict(tx, subject, 'needed_for_claims'))),
    );
    assert.equal(outcomes.filter((outcome) => outcome === 'restricted').length, 1);
  });

  test('a restriction whose transaction rolls back was never there', async () => {
    const subject = someone('person');
    await assert.rejects(
      inTx(async (tx) => {
        await restrict(tx, subject, 'processing_unlawful');
        throw new Error('given up');
      }),
      /given up/,
    );
    assert.equal(await inTx((tx) => isRestricted(tx, subject)), false);
  });

  test('an objection is recorded where there is a right to object, and can be withdrawn or overruled', async () => {
    const subject = someone();
    const objectTo = (purpose: Parameters<typeof object>[2]) =>
      inTx((tx) => object(tx, subject, purpose, bases));
    assert.equal(await objectTo('service'), 'no_right');
    assert.equal(await objectTo('analytics'), 'withdraw_consent');
    assert.equal(await objectTo('reliability'), 'recorded');
    assert.equal(await objectTo('reliability'), 'already');
    assert.equal(await inTx((tx) => overruleObjection(tx, subject, 'reliability')), 'overruled');
    assert.equal(await inTx((tx) => overruleObjection(tx, subject, 'reliability')), 'none');
    assert.equal(await objectTo('reliability'), 'recorded');
    assert.equal(await inTx((tx) => withdrawObjection(tx, subject, 'reliability')), 'withdrawn');
    assert.equal(await inTx((tx) => withdrawObjection(tx, subject, 'reliability')), 'none');
  });

  test('nobody can overrule an objection to marketing, not even in the database', async () => {
    const subject = someone();
    await inTx((tx) => object(tx, subject, 'marketing', bases));
    assert.equal(await inTx((tx) => overruleObjection(tx, subject, 'marketing')), 'absolute');
    await assert.rejects(
      database.sql(
        `update privacy.objection set until = platform.clock(), ended_as = 'overruled' where subject_id = $1`,
        [subject.id],
      ),
      /objection_to_marketing_is_absolute/,
    );
    const { mayProcess } = processingUnder(bases, memoryConsents());
    assert.equal(await inTx((tx) => mayProcess(tx, subject, 'marketing')), 'objected');
  });

  test('processing asks for restriction, objection and consent, and refuses with what stands in the way', async () => {
    const subject = someone();
    const consents = memoryConsents();
    const processing = processingUnder(bases, consents);
    const verdict = (purpose: Parameters<typeof processing.mayProcess>[2]) =>
      inTx((tx) => processing.mayProcess(tx, subject, purpose));
    assert.equal(await verdict('analytics'), 'no_consent');
    consents.give(subject.id, 'analytics');
    assert.equal(await verdict('analytics'), 'allowed');
    consents.withdraw(subject.id, 'analytics');
    assert.equal(await verdict('analytics'), 'no_consent');

    await inTx((tx) => object(tx, subject, 'reliability', bases));
    assert.equal(await verdict('reliability'), 'objected');
    assert.equal(await verdict('service'), 'allowed');
    await inTx((tx) => restrict(tx, subject, 'accuracy_contested'));
    assert.equal(await verdict('service'), 'restricted');
    assert.equal(await verdict('legal'), 'allowed');
    await assert.rejects(
      inTx((tx) => processing.demand(tx, subject, 'service')),
      { code: 'restricted', detail: 'A restriction of processing is open.' },
    );
  });

  test('a reader about somebody is given out for what they allow, and for nothing else', async () => {
    const subject = someone('person');
    await inTx((tx) => object(tx, subject, 'marketing', bases));
    const read = readerAbout(privacy);
    const processing = processingUnder(bases, memoryConsents());
    const purposes = await inTx(async (tx) => {
      const reader = await read(tx, 'legal', subject, processing);
      return tx.run(
        reader.selectFrom('privacy.objection').select('purpose').where('subject_id', '=', subject.id),
      );
    });
    assert.deepEqual(purposes, [{ purpose: 'marketing' }]);
    await assert.rejects(
      inTx((tx) => read(tx, 'marketing', subject, processing)),
      { code: 'restricted', detail: 'An objection to this purpose is open.' },
    );
  });

  test('a workspace sees its own restrictions and objections, and nobody else’s', async () => {
    const [mine, theirs] = [someone(), someone()];
    for (const subject of [mine, theirs]) {
      await inTx((tx) => restrict(tx, subject, 'accuracy_contested'));
      await inTx((tx) => object(tx, subject, 'marketing', bases));
    }
    await inTx((tx) => restrict(tx, { kind: 'person', id: mine.id }, 'accuracy_contested'));
    await database.db.tenant(mine.id, async (tx) => {
      assert.equal(await isRestricted(tx, mine), true);
      assert.equal(await isRestricted(tx, theirs), false);
      assert.equal(await isRestricted(tx, { kind: 'person', id: mine.id }), false);
      assert.equal(
        await processingUnder(bases, memoryConsents()).mayProcess(tx, theirs, 'marketing'),
        'allowed',
      );
    });
  });
});
