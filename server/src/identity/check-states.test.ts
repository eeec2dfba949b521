import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityCheckStates, identityDocumentsMax } from '@sotto/contract/identity-checks';
import { mayAdd, maySubmit, mayWithdraw } from './check-states.ts';

test('in every state exactly what the table says may be done', () => {
  const table = identityCheckStates.map((state) => {
    const standing = { state, documentsCount: 1 };
    return [state, mayAdd(standing), maySubmit(standing), mayWithdraw(standing)].join(' ');
  });
  assert.deepEqual(table, [
    'open yes yes yes',
    'submitted not_open done yes',
    'approved not_open not_open over',
    'rejected not_open not_open over',
    'withdrawn not_open not_open done',
    'expired not_open not_open over',
  ]);
});

test('a check without a document is not submitted, and one with as many as may be takes no more', () => {
  assert.equal(maySubmit({ state: 'open', documentsCount: 0 }), 'empty');
  assert.equal(mayAdd({ state: 'open', documentsCount: identityDocumentsMax - 1 }), 'yes');
  assert.equal(mayAdd({ state: 'open', documentsCount: identityDocumentsMax }), 'full');
});
