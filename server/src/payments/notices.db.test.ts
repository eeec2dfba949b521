// Notices that come at one time share a transaction; what each leaves is what it would have left alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { newId } from '#platform/ids';
import { log } from '#platform/log';
import { type Tenant, useApi } from '../../test/api.ts';
import { createNoticeTaker } from './notices.ts';
import type { Fact, NoticeReader } from './port.ts';
import { moneyToldTo } from './test/money-told.ts';

/** A feed whose notices are their facts. */
const reader = (facts: readonly Fact[], noticeId: string): NoticeReader => ({
  feed: 'revenuecat',
  read: () => ({ outcome: 'read', noticeId, provider: 'app_store', facts, lookUp: null }),
});
const SIGNED = { octets: Buffer.alloc(0), headers: {} };

describe('notices that come at one time', () => {
  const app = useApi();
  const { available, booksHold } = moneyToldTo(app);
  const bought = (tenant: Tenant, settlementId: string, micros = 1_000_000n): Fact => ({
    kind: 'purchased',
    workspaceId: tenant.id,
    originalId: null,
    settlementId,
    worth: { micros, currency: 'EUR' },
  });

  test('one that cannot be taken fails alone', async () => {
    const taker = createNoticeTaker({ db: app.database.db, log });
    const before = await available(app.shop);
    // No settlement is known by so long a name: the database refuses the row.
    const names = Array.from({ length: 20 }, (_, at) => (at === 7 ? 'x'.repeat(201) : newId()));
    const ended = await Promise.allSettled(
      names.map((name) => taker.take(reader([bought(app.shop, name)], newId()), SIGNED)),
    );
    assert.deepEqual(
      ended.map(({ status }) => status),
      names.map((_, at) => (at === 7 ? 'rejected' : 'fulfilled')),
    );
    assert.equal(await available(app.shop), before + 19);
    await booksHold();
  });

  test('purchases, repetitions and refunds of two workspaces leave what they leave one after another', async () => {
    const order = fc.array(
      fc.record({ nth: fc.nat({ max: 5 }), what: fc.constantFrom('buy', 'refund', 'dispute', 'won') }),
      { minLength: 2, maxLength: 24 },
    );
    await fc.assert(
      fc.asyncProperty(order, async (told) => {
        const left = [];
        for (const isTogether of [true, false]) {
          const taker = createNoticeTaker({ db: app.database.db, log });
          const settlements = Array.from({ length: 6 }, () => newId());
          const before = [await available(app.shop), await available(app.stranger)];
          const facts = told.map(({ nth, what }): Fact => {
            const settlementId = settlements[nth]!;
            const dispute = { settlementId, disputeId: `d-${settlementId}`, micros: 1_000_000n };
            switch (what) {
              case 'buy':
                return bought(nth % 2 === 0 ? app.shop : app.stranger, settlementId);
              case 'refund':
                return { kind: 'refunded', settlementId, totalMicros: 400_000n };
              case 'dispute':
                return { kind: 'disputed', ...dispute };
              default:
                return { kind: 'dispute_closed', ...dispute, won: true };
            }
          });
          const take = (fact: Fact) => taker.take(reader([fact], newId()), SIGNED);
          if (isTogether) await Promise.all(facts.map(take));
          else for (const fact of facts) await take(fact);
          const after = [await available(app.shop), await available(app.stranger)];
          left.push(after.map((amount, at) => Math.round((amount - before[at]!) * 100)));
        }
        assert.deepEqual(left[0], left[1]);
      }),
      { numRuns: 15 },
    );
    await booksHold();
  });

  test('two processes that take the same purchases in opposite orders credit each once', async () => {
    const before = await available(app.shop);
    const names = Array.from({ length: 30 }, () => newId());
    const takers = [names, [...names].reverse()].map((own) => {
      const taker = createNoticeTaker({ db: app.database.db, log });
      return own.map((name) => taker.take(reader([bought(app.shop, name)], newId()), SIGNED));
    });
    const outcomes = await Promise.all(takers.flat());
    assert.equal(outcomes.filter((outcome) => outcome === 'applied').length, 30);
    assert.equal(outcomes.filter((outcome) => outcome === 'repeated').length, 30);
    assert.equal(await available(app.shop), before + 30);
    await booksHold();
  });
});
