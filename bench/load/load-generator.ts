// The load generator as the bench sees it: orders go out, answers come back, one process a run.
import { fileURLToPath } from 'node:url';
import type { Child, Children } from '../process/children.ts';
import type { Answers, Order } from './load-process.ts';

export interface LoadGenerator {
  readonly pid: number;
  /** Runs one order to its end. Rejects when the generator fails or ends. */
  ask<Kind extends Order['kind']>(order: Extract<Order, { kind: Kind }>): Promise<Answers[Kind]>;
  stop(): Promise<void>;
}

interface Reply {
  readonly number: number;
  readonly answer?: unknown;
  readonly error?: string;
}

export async function startLoadGenerator(children: Children): Promise<LoadGenerator> {
  const child: Child = await children.fork(
    'load generator',
    fileURLToPath(import.meta.resolve('./load-process.ts')),
  );
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let number = 0;
  child.process.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.number);
    waiting.delete(reply.number);
    if (reply.error === undefined) asked?.resolve(reply.answer);
    else asked?.reject(new Error(`load generator: ${reply.error}`));
  });
  child.process.once('exit', () => {
    for (const asked of waiting.values())
      asked.reject(new Error(`load generator ended: ${child.complaint()}`));
  });
  return {
    pid: child.pid,
    ask<Kind extends Order['kind']>(order: Extract<Order, { kind: Kind }>) {
      const asked = Promise.withResolvers<unknown>();
      number++;
      waiting.set(number, asked);
      child.process.send({ number, order });
      return asked.promise as Promise<Answers[Kind]>;
    },
    async stop() {
      await child.stop();
    },
  };
}
