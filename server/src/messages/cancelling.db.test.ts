// Cancelling: the whole message or nothing of it, whoever is submitting at that moment.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { isRefused } from './answers.ts';
import { cancelMessage } from './changing.ts';
import type { Submitter } from './preparation.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: cancelling', () => {
  const at = useMessaging();
  const connectorId = newId();
  const tariff = tariffOver([connectorId]);

  const code = (expected: string) => (error: unknown) => error instanceof AppError && error.code === expected;
  const publicOf = async (shop: Submitter, id: string) => (await at.read(shop, id)).id;
  let taking = 0;
  const taken = (id: string) => ({ kind: 'accepted', carrierMessageId: `${id}-${++taking}` }) as const;

  async function accepted(shop: Submitter, count: number, change = {}) {
    const facts = await at.acceptance(tariff).acceptMany(
      shop,
      Array.from({ length: count }, () => aRequest(change)),
      null,
    );
    return facts.map((fact) => {
      assert.ok(!isRefused(fact));
      return fact.id;
    });
  }

  describe('cancelling', () => {
    test('takes every part out of the queue, releases the hold, and may be repeated', async () => {
      const shop = await at.workspace();
      const [id] = await accepted(shop, 1, { text: textOfParts(3) });
      const publicId = await publicOf(shop, id!);
      for (let n = 0; n < 2; n++) {
        const message = await cancelMessage(at.db, at.keyring, shop.workspaceId, publicId);
        assert.deepEqual([message.status, message.error], ['cancelled', null]);
        assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
      }
      assert.equal(await at.count('messages.queue', 'message_id = $1', [id]), 0);
    });

    test('is refused once a part is being submitted, and once it ended otherwise', async () => {
      const line = await at.line({
        script: (part) => (part.concat?.sequence === 2 ? 'silence' : taken(part.id)),
      });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest({ text: textOfParts(2) }), null);
      await until(async () => (await at.count('messages.part', 'message_id = $1', [id])) === 1);
      const publicId = await publicOf(shop, id);
      await assert.rejects(
        cancelMessage(at.db, at.keyring, shop.workspaceId, publicId),
        code('not_cancellable'),
      );
      const test = await at.acceptance(tariff).acceptOne({ ...shop, test: true }, aRequest(), null);
      await assert.rejects(
        cancelMessage(at.db, at.keyring, shop.workspaceId, await publicOf(shop, test.id)),
        code('already_final'),
      );
      assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 2n * PER_PART]);
    });

    test('while a part of it is just being stored leaves the message whole', async () => {
      const shop = await at.workspace();
      const [id] = await accepted(shop, 1, { text: textOfParts(2) });
      const publicId = await publicOf(shop, id!);
      // The first part's answer is written and not committed yet; the second waits unclaimed.
      const tx = await at.db.begin();
      await tx.exec(
        {
          name: 'test.store_first',
          purpose: 'delivery',
          text: 'delete from messages.queue where message_id = $1::uuid and sequence = 1',
        },
        [id],
      );
      await tx.exec(
        {
          name: 'test.part_first',
          purpose: 'delivery',
          text: `insert into messages.part (message_id, sequence, workspace_id, connector_id, carrier_message_id, status, submitted_at)
               values ($1::uuid, 1, $2::uuid, $3::uuid, 'x', 'submitted', (select platform.clock()))`,
        },
        [id, shop.workspaceId, connectorId],
      );
      const cancelling = cancelMessage(at.db, at.keyring, shop.workspaceId, publicId);
      cancelling.catch(() => undefined);
      await new Promise((next) => setTimeout(next, 50));
      await tx.commit();
      await assert.rejects(cancelling, code('not_cancellable'));
      assert.equal(await at.count('messages.queue', 'message_id = $1', [id]), 1);
      assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 2n * PER_PART]);
    });

    test('racing a claim either cancels it unsent or sends it uncancelled, never both', async () => {
      const line = await at.line();
      const shop = await at.workspace();
      let cancelled = 0;
      for (let round = 0; round < 30; round++) {
        const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
        const publicId = await publicOf(shop, id);
        const done = await cancelMessage(at.db, at.keyring, shop.workspaceId, publicId).then(
          () => true,
          () => false,
        );
        if (done) cancelled += 1;
        else await at.becomes(shop, id, 'submitted');
      }
      await line.sending.outcomes.settled();
      assert.equal(line.connector.written.length, 30 - cancelled);
      assert.deepEqual(await at.purse(shop), [PLENTY - BigInt(30 - cancelled) * PER_PART, 0n]);
    });
  });
});
