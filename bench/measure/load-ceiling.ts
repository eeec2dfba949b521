// How many requests a second the load generator itself can make: a figure near it would measure the generator.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startLoadGenerator } from '../load/load-generator.ts';
import { postSpec } from '../load/request-spec.ts';
import type { Workshop } from '../process/workshop.ts';
import { TEXT } from './sotto-requests.ts';
import { perSecond } from './throughput.ts';

const DURATION_MS = 2_000;

/** Requests a second against a server that only answers. */
export async function measureLoadCeiling(workshop: Workshop, connections: number): Promise<number> {
  const { children } = workshop;
  const module = fileURLToPath(import.meta.resolve('../load/trivial-server-process.ts'));
  const server = await children.fork('trivial server', module);
  const [port] = (await once(server.process, 'message')) as [number];
  const load = await startLoadGenerator(children);
  const result = await load.ask({
    kind: 'closed',
    host: '127.0.0.1',
    port,
    connections,
    request: postSpec({
      path: '/v1/messages',
      host: '127.0.0.1',
      token: 'x'.repeat(54),
      open: '',
      item: ['{"to":"+', `","text":"${TEXT}","class":"transactional"}`],
      close: '',
      items: 1,
    }),
    durationMs: DURATION_MS,
    messagesMax: Number.MAX_SAFE_INTEGER,
    acceptedMark: null,
    firstIndex: 0,
  });
  await load.stop();
  await server.stop();
  return perSecond(result.accepted, result.endedAtMs - result.startedAtMs);
}
