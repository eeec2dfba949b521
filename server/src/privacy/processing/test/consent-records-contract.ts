// What every record of decisions promises to processing; the ledger and the fake both pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { ConsentRecords } from '../processing.ts';

export interface DecidingRecords {
  readonly records: ConsentRecords;
  inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  give(workspaceId: string, purpose: 'improve' | 'analytics'): Promise<void>;
  withdraw(workspaceId: string, purpose: 'improve' | 'analytics'): Promise<void>;
  optOutOfSharing(workspaceId: string): Promise<void>;
}

export function consentRecordsKeepTheirContract(of: () => DecidingRecords): void {
  const isGiven = (id: string, purpose: 'improve' | 'analytics' | 'service') => {
    const { records, inTx } = of();
    return inTx((tx) => records.isGiven(tx, { kind: 'workspace', id }, purpose));
  };
  const optedOut = (id: string) => {
    const { records, inTx } = of();
    return inTx((tx) => records.optsOutOfSharing(tx, { kind: 'workspace', id }));
  };

  test('nothing is given by who was never asked, and nobody opted out unasked', async () => {
    const shop = newId();
    assert.equal(await isGiven(shop, 'improve'), false);
    assert.equal(await isGiven(shop, 'service'), false, 'a purpose that nobody is asked about');
    assert.equal(await optedOut(shop), false);
  });

  test('what is given stands for its purpose and its workspace, until it is withdrawn', async () => {
    const [shop, other] = [newId(), newId()];
    await of().give(shop, 'improve');
    assert.equal(await isGiven(shop, 'improve'), true);
    assert.equal(await isGiven(shop, 'analytics'), false);
    assert.equal(await isGiven(other, 'improve'), false);
    await of().withdraw(shop, 'improve');
    assert.equal(await isGiven(shop, 'improve'), false);
    await of().give(shop, 'improve');
    assert.equal(await isGiven(shop, 'improve'), true);
  });

  test('an opt-out of passing on is one, and takes no consent away', async () => {
    const [shop, other] = [newId(), newId()];
    await of().give(shop, 'improve');
    await of().optOutOfSharing(shop);
    assert.deepEqual([await optedOut(shop), await optedOut(other)], [true, false]);
    assert.equal(await isGiven(shop, 'improve'), true);
  });
}
