import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from '#platform/ids';
import { foldReceipts, type Said } from './parked.ts';
import type { PartState } from './status.ts';
import { runs } from './test/arrange.ts';

const said = (messageId: string, status: PartState, change: Partial<Said> = {}): Said => ({
  messageId,
  sequence: 1,
  status,
  errorCode: null,
  final: status !== 'unknown',
  ...change,
});

test('several receipts of one part become one change: the furthest state, and of two final ones the first', () => {
  const delivered = said('m', 'delivered');
  assert.deepEqual(foldReceipts([said('m', 'unknown'), delivered]), [delivered]);
  assert.deepEqual(foldReceipts([delivered, said('m', 'unknown')]), [delivered]);
  assert.deepEqual(foldReceipts([delivered, said('m', 'undeliverable')]), [delivered]);
  assert.deepEqual(foldReceipts([delivered, said('m', 'delivered', { errorCode: '001' })]), [delivered]);
});

test('parts of one message are told apart, and so are messages', () => {
  const [one, other] = [newId(), newId()];
  const all = [
    said(one, 'delivered'),
    said(one, 'expired', { sequence: 2 }),
    said(one, 'delivered', { sequence: 10 }),
    said(other, 'rejected'),
  ];
  assert.deepEqual(foldReceipts(all), all);
});

test('however often and in whatever order receipts come, a part gets one change that is the furthest told', () => {
  const receipt = fc.record({
    messageId: fc.constantFrom('a', 'b'),
    sequence: fc.constantFrom(1, 2),
    status: fc.constantFrom<PartState>('unknown', 'delivered', 'expired'),
    final: fc.boolean(),
    errorCode: fc.constantFrom(null, '001'),
  });
  fc.assert(
    fc.property(fc.array(receipt, { maxLength: 20 }), (all) => {
      const changes = foldReceipts(all);
      const nameOf = ({ messageId, sequence }: Said) => `${messageId}/${sequence}`;
      const byPart = Map.groupBy(all, nameOf);
      assert.deepEqual(new Set(changes.map(nameOf)), new Set(byPart.keys()));
      assert.equal(changes.length, byPart.size);
      for (const change of changes) {
        const told = byPart.get(nameOf(change))!;
        assert.equal(change, told.find(({ status }) => status !== 'unknown') ?? told[0]);
      }
    }),
    { numRuns: runs(300) },
  );
});
