import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCodecContest } from './codec-contest.ts';

test('both codecs agree on the octets, and every combination is measured', () => {
  // A clock that moves a turn with each look: the work is done, and no time passes for it.
  let at = 0;
  const rates = runCodecContest({
    rounds: 1,
    turnMs: 10,
    now: () => {
      at += 10;
      return at;
    },
  });
  assert.deepEqual(
    rates.map(({ pdu, message }) => `${pdu} ${message}`),
    ['submit_sm octets', 'deliver_sm octets', 'submit_sm text', 'deliver_sm text'],
  );
  for (const { ours, peer, ratio } of rates) {
    assert.equal(ours, peer, 'on this clock both take equally long');
    assert.equal(ratio, 1);
  }
});
