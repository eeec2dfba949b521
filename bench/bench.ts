// The bench: which measures there are, in which order they run, and what they give.
import { measureSotto, type Throughput } from './measure/throughput.ts';
import { type DatabaseAccess, Workshop } from './process/workshop.ts';

export interface BenchOptions {
  readonly root: string;
  readonly directory: string;
  readonly database: DatabaseAccess;
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

export async function runBench(options: BenchOptions): Promise<Throughput[]> {
  const workshop = new Workshop(options);
  const results: Throughput[] = [];
  try {
    for (let at = 0; at < options.runs; at++) {
      for (const shape of ['singles', 'batch'] as const) {
        const result = await measureSotto(workshop, shape, options);
        results.push(result);
        options.say(JSON.stringify(result));
      }
    }
  } finally {
    await workshop.clear();
  }
  return results;
}
