// Outcomes that no longer count, or that the database refuses: they change nothing and hold nothing up.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PartOutcome } from '#carriers';
import { newId } from '#platform/ids';
import type { ClaimedPart } from './handoff.ts';
import { startOutcomes } from './outcomes.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import { claimBy } from './test/claiming.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: stale outcomes', () => {
  const at = useMessaging();

  const LOST: PartOutcome = { kind: 'unknown', reason: 'lost' };
  const NOT_SENT: PartOutcome = { kind: 'not_sent' };
  const REFUSED: PartOutcome = {
    kind: 'refused',
    status: 0x45,
    errorCode: 'ESME_RSUBMITFAIL',
    severity: 'permanent',
  };

  describe('an outcome under a claim that is no longer ours', () => {
    const cases: readonly [string, Partial<ClaimedPart>][] = [
      ['a stale epoch', { epoch: 7 }],
      ['another token', { token: newId() }],
    ];
    for (const [what, stale] of cases) {
      for (const [how, outcome] of [
        ['accepted', { kind: 'accepted', carrierMessageId: 'taken' }],
        ['unknown', LOST],
        ['not sent', NOT_SENT],
        ['refused for good', REFUSED],
      ] as const) {
        test(`(${what}, ${how}) changes nothing`, async () => {
          const connectorId = newId();
          const tariff = tariffOver([connectorId]);
          const shop = await at.workspace();
          const { id } = await at
            .acceptance(tariff)
            .acceptOne(shop, aRequest({ text: textOfParts(2) }), null);
          const part = await claimBy(at, newId(), id, 1, shop.workspaceId, connectorId);
          const before = await at.sql(
            'select * from messages.queue where message_id = $1 order by sequence',
            [id],
          );
          const outcomes = startOutcomes({
            db: at.db,
            tariff: () => tariff,
            log: at.log,
            onStored: () => undefined,
          });
          outcomes.submitted({ ...part, ...stale }, outcome);
          await outcomes.settled();
          assert.deepEqual(
            await at.sql('select * from messages.queue where message_id = $1 order by sequence', [id]),
            before,
          );
          assert.equal(await at.count('messages.part', 'message_id = $1', [id]), 0);
          assert.equal((await at.read(shop, id)).possible_duplicate, false);
          assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 2n * PER_PART]);
        });
      }
    }
  });

  test('one outcome that cannot be stored does not keep the others from the disk', async () => {
    const connectorId = newId();
    const tariff = tariffOver([connectorId]);
    const shop = await at.workspace();
    const outcomes = startOutcomes({
      db: at.db,
      tariff: () => tariff,
      log: at.log,
      onStored: () => undefined,
    });
    const token = newId();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { id } = await at.acceptance(tariff).acceptOne(shop, aRequest(), null);
      ids.push(id);
      const claimed = await claimBy(at, token, id, 1, shop.workspaceId, connectorId);
      const part = { ...claimed, outbound: { ...claimed.outbound, segments: 1 } };
      // PostgreSQL keeps no NUL in a text.
      outcomes.submitted(part, { kind: 'accepted', carrierMessageId: n === 1 ? 'po\0ison' : `fine-${id}` });
    }
    await until(async () => (await at.count('messages.part', 'message_id = any($1)', [ids])) === 2);
  });
});
