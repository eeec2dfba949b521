// Rules that the harness must miss when they are gone. Each patch takes one out of a copy of the source; the texts
// are as short as keeps them unique, and a patch that no longer applies fails its test.
import type { Mutant } from './mutation.ts';
import { killAt } from './scenarios/kill-points.ts';
import { fullWindowLost } from './scenarios/lost-links.ts';
import { oddReceipts } from './scenarios/odd-receipts.ts';
import { sameKey } from './scenarios/same-key.ts';
import { stoppedUnanswered } from './scenarios/stopped-sender.ts';

export const acknowledgeBeforeCommit: Mutant = {
  name: 'requests are answered before their commit',
  patches: [
    {
      file: 'messages/flush.ts',
      find: 'await writing.commit(tx);',
      replace: `for (const entry of entries) {
        const early = answers.get(entry)!;
        if (!(early instanceof AppError)) entry.settle(early);
      }
      await writing.commit(tx);`,
    },
  ],
  scenarios: [killAt(['submit.pre_commit'], 'kill before the commit of a request')],
  expected: ['lost'],
};

const captureTwice: Mutant = {
  name: 'captures post twice',
  patches: [
    {
      file: 'ledger/hold.sql.ts',
      find: `('available', p.amount - p.captured - p.to_bonus)`,
      replace: `('available', p.amount - 2 * p.captured - p.to_bonus)`,
    },
    { file: 'ledger/hold.sql.ts', find: `('revenue', p.captured)`, replace: `('revenue', 2 * p.captured)` },
  ],
  scenarios: [sameKey],
  expected: ['mischarged'],
};

const receiptsBeforeCommit: Mutant = {
  name: 'receipts are answered before their commit',
  patches: [
    {
      file: 'messages/receipts.ts',
      find: 'try {\n        await store(',
      replace: 'try {\n        for (const arrival of arrivals) arrival.done();\n        await store(',
    },
  ],
  scenarios: [killAt(['receipt.pre_commit'], 'kill before the commit of receipts')],
  expected: ['receipt_lost', 'lost'],
};

const unfenced: Mutant = {
  name: 'outcomes count without the token and epoch of their claim',
  patches: [
    {
      file: 'messages/outcome.sql.ts',
      find: `and q.sender_token is not distinct from \${token} and q.epoch = c.epoch`,
      replace: '',
    },
    {
      file: 'messages/outcome.sql.ts',
      find: 'and q.sender_token is not distinct from $7 and q.epoch = a.epoch',
      replace: 'and $7::uuid is not null',
    },
    {
      file: 'messages/outcome.sql.ts',
      find: 'and q.sender_token is not distinct from $8 and q.epoch = b.epoch',
      replace: 'and $8::uuid is not null',
    },
  ],
  scenarios: [stoppedUnanswered],
  expected: ['duplicate', 'mischarged', 'lost'],
};

const unflaggedResend: Mutant = {
  name: 'a second try leaves no mark on its message',
  patches: [
    {
      file: 'messages/outcome.sql.ts',
      find: 'set possible_duplicate = true',
      replace: 'set possible_duplicate = m.possible_duplicate',
    },
  ],
  scenarios: [fullWindowLost],
  expected: ['duplicate'],
};

const codesResent: Mutant = {
  name: 'one-time codes of a dead sender are sent again',
  patches: [
    {
      file: 'messages/maintenance.sql.ts',
      find: 'q.lane = 1 and not q.resent',
      replace: 'not q.resent',
    },
  ],
  scenarios: [killAt(['send.resp_received', 'send.written'], 'kill around the carrier’s answer')],
  expected: ['duplicate'],
};

const keysForgotten: Mutant = {
  name: 'idempotency keys are not remembered',
  patches: [
    {
      file: 'messages/flush.ts',
      find: 'if (this.#remembered.length > 0) writes.push(',
      replace: 'if (this.#remembered.length < 0) writes.push(',
    },
  ],
  scenarios: [sameKey],
  expected: ['duplicate', 'lost'],
};

const receiptsForgotten: Mutant = {
  name: 'receipts that match no part yet are dropped',
  patches: [
    {
      file: 'messages/receipts.ts',
      find: 'if (parked.length > 0) writes.push(parkReceipts(tx, parked));',
      replace: '',
    },
  ],
  scenarios: [oddReceipts],
  expected: ['receipt_lost', 'lost'],
};

export const MUTANTS: readonly Mutant[] = [
  acknowledgeBeforeCommit,
  captureTwice,
  receiptsBeforeCommit,
  unfenced,
  unflaggedResend,
  codesResent,
  keysForgotten,
  receiptsForgotten,
];
