// The simulated message centre as a process of its own: its log of what it saw is the carrier's side of the truth,
// written and fsynced before each next step.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { BehaviourChange } from '@sotto/simulator/behaviour';
import { readTruthLog, type TruthEvent } from '@sotto/simulator/truth-log';
import { within } from './waiting.ts';

const PROGRAM = resolve(import.meta.dirname, '../../../simulator/smsc-process.ts');
const START_LIMIT_MS = 20_000;
const ANSWER_LIMIT_MS = 30_000;

/** As much as its counters say about what is still to come. */
export interface SmscCounts {
  readonly submits: number;
  readonly receiptsPending: number;
  readonly receiptsGivenUp: number;
}

export interface StrayReceipt {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
}

export class SmscControl {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #file: string;
  readonly #answers: ((answer: Record<string, unknown>) => void)[] = [];

  private constructor(child: ChildProcess, port: number, file: string) {
    this.#child = child;
    this.port = port;
    this.#file = file;
  }

  static async start(folder: string, seed: number): Promise<SmscControl> {
    const file = join(folder, 'smsc.jsonl');
    const child = spawn(
      process.execPath,
      [
        PROGRAM,
        '--port',
        '0',
        '--log',
        file,
        '--sync',
        'line',
        '--body',
        'full',
        '--seed',
        `${seed}`,
        '--with-parent',
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: child.stdout! });
    const [first] = (await within('the message centre listens', START_LIMIT_MS, once(lines, 'line'))) as [
      string,
    ];
    const { listening } = JSON.parse(first) as { listening: { port: number } };
    const control = new SmscControl(child, listening.port, file);
    lines.on('line', (line) => control.#answers.shift()?.(JSON.parse(line) as Record<string, unknown>));
    return control;
  }

  /** Changes its behaviour from the next PDU on. */
  async set(change: BehaviourChange): Promise<void> {
    await this.#command({ set: change });
  }

  async counts(): Promise<SmscCounts> {
    return (await this.#command({ counts: true })).counts as SmscCounts;
  }

  /** Sends a receipt for an id that it never gave out; resolves with the status that answered it. */
  async strayReceipt(receipt: StrayReceipt): Promise<number> {
    return (await this.#command({ receipt })).receipt as number;
  }

  async disconnect(how: 'fin' | 'rst'): Promise<void> {
    await this.#command({ disconnect: how });
  }

  /** Everything it saw and did so far. */
  async events(): Promise<TruthEvent[]> {
    if (this.#child.exitCode === null) await this.#command({ flush: true });
    return readTruthLog(this.#file);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }

  async #command(command: object): Promise<Record<string, unknown>> {
    const answered = new Promise<Record<string, unknown>>((resolve) => this.#answers.push(resolve));
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
    const answer = await within('the message centre answers a command', ANSWER_LIMIT_MS, answered);
    if (answer.error !== undefined) throw new Error(`the message centre refused a command: ${answer.error}`);
    return answer;
  }
}
