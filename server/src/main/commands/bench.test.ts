import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgram } from '../program.ts';
import { UsageFault } from '../shell.ts';

/** Runs `sotto bench` with these words; nothing may be measured or written. */
async function bench(...words: string[]): Promise<void> {
  const program = createProgram({
    out: () => assert.fail('nothing was measured'),
    note: () => assert.fail('nothing was begun'),
    readConfig: () => assert.fail('no setting is needed to refuse'),
    readInput: () => assert.fail('nothing is read'),
    setExitCode: () => assert.fail('a wrong use is thrown'),
  });
  await program.parseAsync(['node', 'sotto', 'bench', ...words]);
}

test('a measure, a peer or a number that does not exist is a wrong use, and nothing is started', async () => {
  const wrong = [
    ['--only', 'singles,everything'],
    ['--peer', 'other'],
    ['--runs', '0'],
    ['--seconds', 'ten'],
    ['--seconds', '601'],
    ['--seed', '-1'],
    ['--backlog', '10'],
  ];
  for (const words of wrong) await assert.rejects(bench(...words), UsageFault, words.join(' '));
});
