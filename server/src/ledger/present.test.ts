import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walletEntrySchema, walletSchema } from '@sotto/contract/wallet';
import { presentEntry, presentWallet } from './present.ts';

test('a wallet on credit shows what is drawn as below zero and what may be spent as it is', () => {
  const shown = presentWallet({
    workspaceId: '01a1fc14-037c-7132-a73c-6aeb0a43c5b9',
    currency: 'EUR',
    availableMicros: -1_500_000n,
    heldMicros: 7_500n,
    bonusMicros: 250_000n,
    creditLimitMicros: 5_000_000n,
  });
  assert.deepEqual(walletSchema.parse(shown), {
    spendable: { amount: '3.75', currency: 'EUR' },
    available: { amount: '-1.50', currency: 'EUR' },
    bonus: { amount: '0.25', currency: 'EUR' },
    held: { amount: '0.0075', currency: 'EUR' },
    credit_limit: { amount: '5.00', currency: 'EUR' },
  });
});

test('an entry fits the contract and keeps what it refers to inside', () => {
  const shown = presentEntry(
    {
      id: '01a1fc14-037c-7132-a73c-6aeb0a43c5b9',
      kind: 'top_up',
      reverses: null,
      reason: 'bank_transfer',
      reference: '01a1fc14-037c-7132-a73c-6aeb0a43c5ba',
      createdAt: new Date('2026-11-21T09:30:00Z'),
      availableMicros: 25_000_000n,
      heldMicros: 0n,
      bonusMicros: 0n,
    },
    'EUR',
  );
  const { id, ...rest } = walletEntrySchema.parse(shown);
  assert.match(id, /^ent_/);
  assert.deepEqual(rest, {
    kind: 'top_up',
    available: { amount: '25.00', currency: 'EUR' },
    bonus: { amount: '0.00', currency: 'EUR' },
    held: { amount: '0.00', currency: 'EUR' },
    reason: 'bank_transfer',
    created_at: '2026-11-21T09:30:00.000Z',
  });
});
