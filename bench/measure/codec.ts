// The codec against npm smpp, in a process of its own.
import { fileURLToPath } from 'node:url';
import type { CodecRate } from '../codec/codec-contest.ts';
import type { Workshop } from '../process/workshop.ts';

export interface CodecResult {
  readonly rates: readonly CodecRate[];
  /** Ours over theirs for one submit_sm and one deliver_sm together, messages as octets. */
  readonly ratio: number;
  /** The same with the texts turned from and to strings on both sides. */
  readonly ratioWithText: number;
}

const LIMIT_MS = 120_000;

export async function measureCodec(workshop: Workshop, rounds: number, turnMs: number): Promise<CodecResult> {
  const module = fileURLToPath(import.meta.resolve('../codec/codec-process.ts'));
  const args = [module, '--rounds', String(rounds), '--turn-ms', String(turnMs)];
  const said = await workshop.children.run('codec', process.execPath, args, LIMIT_MS);
  const rates = JSON.parse(said) as CodecRate[];
  return { rates, ratio: ratioOf(rates, 'octets'), ratioWithText: ratioOf(rates, 'text') };
}

/** Time of theirs for one PDU of each kind over the time of ours. */
function ratioOf(rates: readonly CodecRate[], message: CodecRate['message']): number {
  const of = rates.filter((rate) => rate.message === message);
  const time = (side: 'ours' | 'peer') => of.reduce((sum, rate) => sum + 1 / rate[side], 0);
  return Math.round((time('peer') / time('ours')) * 10) / 10;
}
