// Marketing where the policy rests it on consent: sent to whose consent stands, refused alone to everybody else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '#platform/errors';
import { SYSTEM } from '#privacy/audit';
import { giveConsent, withdrawConsent } from '#privacy/consent';
import { suppress } from '#privacy/suppressions';
import { isRefused } from './answers.ts';
import type { Submitter } from './preparation.ts';
import { aNumber, aRequest, PLENTY, tariffOver } from './test/arrange.ts';
import { useMessaging } from './test/messaging.ts';

describe('messages: unconsented', () => {
  const at = useMessaging();
  const tariff = tariffOver(['01980000-0000-7000-8000-000000000001']);
  const consenting = () => at.acceptance(tariff, { marketingNeedsConsent: true });
  const give = async ({ workspaceId }: Submitter, number: string, expiresAt?: Date) => {
    const given = await at.db.batch((tx) =>
      giveConsent(
        tx,
        at.keyring,
        workspaceId,
        {
          subject: { kind: 'recipient', number },
          purpose: 'marketing',
          policyHash: Buffer.alloc(32),
          method: 'form',
          ...(expiresAt === undefined ? {} : { expiresAt }),
        },
        SYSTEM,
      ),
    );
    assert.ok(given.outcome === 'given');
    return given.receipt;
  };
  const withdraw = ({ workspaceId }: Submitter, id: string) =>
    at.db.batch((tx) => withdrawConsent(tx, at.keyring, workspaceId, id, 'keyword', SYSTEM));
  /** The code marketing to a number is refused with; `accepted` when it is not. */
  async function outcome(shop: Submitter, to: string, acceptance = consenting()): Promise<string> {
    try {
      await acceptance.acceptOne(shop, aRequest({ to, class: 'marketing' }), null);
      return 'accepted';
    } catch (error) {
      assert.ok(error instanceof AppError && error.field === 'to', String(error));
      return error.code;
    }
  }

  test('unknown is refused and costs nothing, given is sent, withdrawn is refused at once', async () => {
    const [shop, to] = [await at.workspace(), aNumber()];
    assert.equal(await outcome(shop, to), 'restricted');
    assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
    const { id } = await give(shop, to);
    assert.equal(await outcome(shop, to), 'accepted');
    await withdraw(shop, id);
    assert.equal(await outcome(shop, to), 'recipient_opted_out', 'who said no is told so');
    assert.equal(await at.count('messages.message', 'workspace_id = $1', [shop.workspaceId]), 1);
  });

  test('an expired consent is none, and one to another workspace neither', async () => {
    const [shop, other, to] = [await at.workspace(), await at.workspace(), aNumber()];
    const [row] = await at.sql<{ now: Date }>('select platform.clock() as now');
    await give(shop, to, new Date(row!.now.getTime() + 60_000));
    assert.deepEqual([await outcome(shop, to), await outcome(other, to)], ['accepted', 'restricted']);
    await at.advance(60_001);
    assert.equal(await outcome(shop, to), 'restricted');
  });

  test('an objection outweighs a consent that stands', async () => {
    const [shop, to] = [await at.workspace(), aNumber()];
    await give(shop, to);
    const { workspaceId } = shop;
    const objection = { workspaceId, kind: 'objection', covers: 'marketing', source: 'recipient' } as const;
    await at.db.batch((tx) => suppress(tx, at.keyring, to, objection));
    assert.equal(await outcome(shop, to), 'recipient_opted_out');
  });

  test('in a batch those without consent are refused alone, and codes need none', async () => {
    const [shop, known] = [await at.workspace(), aNumber()];
    await give(shop, known);
    const facts = await consenting().acceptMany(
      shop,
      [
        aRequest({ to: known, class: 'marketing' }),
        aRequest({ class: 'marketing' }),
        aRequest({ class: 'transactional' }),
        aRequest({ class: 'otp', text: 'Your code is 481516.' }),
      ],
      null,
    );
    assert.deepEqual(
      facts.map((each) => (isRefused(each) ? each.code : 'accepted')),
      ['accepted', 'restricted', 'accepted', 'accepted'],
    );
  });

  test('where marketing rests on anything else, consent is not asked', async () => {
    const shop = await at.workspace();
    assert.equal(await outcome(shop, aNumber(), at.acceptance(tariff)), 'accepted');
  });
});
