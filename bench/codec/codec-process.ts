// The contest of codecs in a process of its own, where nothing else has shaped the compiled code. Prints JSON.
import { parseArgs } from 'node:util';
import { runCodecContest } from './codec-contest.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, 'turn-ms': { type: 'string', default: '500' } },
});
const rates = runCodecContest({
  rounds: Number(values.rounds),
  turnMs: Number(values['turn-ms']),
  now: () => performance.now(),
});
process.stdout.write(`${JSON.stringify(rates)}\n`);
