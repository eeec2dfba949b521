// The ledger as processing asks it, and the fake that stands in for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { SYSTEM } from '../audit/entry.ts';
import { openKeyring } from '../keys/cached-keyring.ts';
import { openMemoryKeyStore } from '../keys/memory-key-store.ts';
import {
  consentRecordsKeepTheirContract,
  type DecidingRecords,
} from '../processing/test/consent-records-contract.ts';
import { memoryConsents } from '../processing/test/memory-consents.ts';
import { ledgerConsents } from './consent-records.ts';
import { currentConsents, giveConsent, honourSignal, withdrawConsent } from './consents.ts';

describe('the ledger', async () => {
  const at = useDatabase();
  const keyring = await openKeyring(openMemoryKeyStore());
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => at.db.batch(work);
  const give: DecidingRecords['give'] = (workspaceId, purpose) =>
    inTx(async (tx) => {
      const consent = {
        subject: { kind: 'workspace' },
        purpose,
        policyHash: Buffer.alloc(32),
        method: 'form',
      } as const;
      await giveConsent(tx, keyring, workspaceId, consent, SYSTEM);
    });
  const withdraw: DecidingRecords['withdraw'] = (workspaceId, purpose) =>
    inTx(async (tx) => {
      const states = await currentConsents(tx, keyring, workspaceId);
      const { receiptId } = states.find((each) => each.purpose === purpose)!;
      await withdrawConsent(tx, keyring, workspaceId, receiptId!, 'form', SYSTEM);
    });
  const records = ledgerConsents(keyring);
  consentRecordsKeepTheirContract(() => ({
    records,
    inTx,
    give,
    withdraw,
    optOutOfSharing: (workspaceId) => inTx((tx) => honourSignal(tx, keyring, workspaceId, SYSTEM)),
  }));

  test('a consent that has expired is given no more', async () => {
    const id = newId();
    const [row] = await at.sql<{ now: Date }>('select platform.clock() as now');
    const isGiven = () => inTx((tx) => records.isGiven(tx, { kind: 'workspace', id }, 'improve'));
    await inTx((tx) =>
      giveConsent(
        tx,
        keyring,
        id,
        {
          subject: { kind: 'workspace' },
          purpose: 'improve',
          policyHash: Buffer.alloc(32),
          method: 'form',
          expiresAt: new Date(row!.now.getTime() + 60_000),
        },
        SYSTEM,
      ),
    );
    assert.equal(await isGiven(), true);
    await at.advance(60_001);
    assert.equal(await isGiven(), false);
  });

  test('of a person the ledger knows nothing, and nothing is given', async () => {
    const id = newId();
    await give(id, 'improve');
    assert.equal(await inTx((tx) => records.isGiven(tx, { kind: 'person', id }, 'improve')), false);
  });
});

describe('the fake', () => {
  const records = memoryConsents();
  const nowhere = {} as Tx;
  consentRecordsKeepTheirContract(() => ({
    records,
    inTx: (work) => work(nowhere),
    give: async (id, purpose) => records.give(id, purpose),
    withdraw: async (id, purpose) => records.withdraw(id, purpose),
    optOutOfSharing: async (id) => records.optOutOfSharing(id),
  }));
});
