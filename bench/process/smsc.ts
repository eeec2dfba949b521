// The simulated SMSC as a process of its own, the same for every system under test.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BehaviourChange, Counts } from '@sotto/simulator';
import type { Children } from './children.ts';

export interface SmscOptions {
  readonly behaviour?: BehaviourChange;
  /** Truth log, written without fsync: only for measures that ask when the SMSC saw what. */
  readonly logFile?: string;
}

export interface RunningSmsc {
  readonly pid: number;
  readonly port: number;
  counts(): Promise<Counts>;
  set(change: BehaviourChange): Promise<void>;
  stop(): Promise<void>;
}

export async function startSmscProcess(children: Children, options: SmscOptions = {}): Promise<RunningSmsc> {
  const module = fileURLToPath(import.meta.resolve('@sotto/simulator/smsc-process'));
  const args = ['--port', '0', '--with-parent', '--behaviour', JSON.stringify(options.behaviour ?? {})];
  if (options.logFile !== undefined) args.push('--log', options.logFile, '--sync', 'never', '--body', 'none');
  const child = await children.spawn('SMSC', process.execPath, [module, ...args]);
  const waiting: PromiseWithResolvers<Record<string, unknown>>[] = [];
  const next = (): Promise<Record<string, unknown>> => {
    const answer = Promise.withResolvers<Record<string, unknown>>();
    waiting.push(answer);
    return answer.promise;
  };
  child.process.once('exit', () => {
    for (const asked of waiting.splice(0)) asked.reject(new Error(`the SMSC ended: ${child.complaint()}`));
  });
  const first = next();
  createInterface({ input: child.process.stdout! }).on('line', (line) =>
    waiting.shift()?.resolve(JSON.parse(line) as Record<string, unknown>),
  );
  const { port } = (await first).listening as { port: number };
  const ask = async (command: object): Promise<Record<string, unknown>> => {
    const answer = next();
    child.process.stdin!.write(`${JSON.stringify(command)}\n`);
    const said = await answer;
    if (said.error !== undefined) throw new Error(`the SMSC refused a command: ${String(said.error)}`);
    return said;
  };
  return {
    pid: child.pid,
    port,
    counts: async () => (await ask({ counts: true })).counts as Counts,
    async set(change) {
      await ask({ set: change });
    },
    async stop() {
      await child.stop();
    },
  };
}
