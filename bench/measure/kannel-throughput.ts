// The peer under the same load, on the same SMSC: complete when its final receipt was called back.
import { startKannel } from '../kannel/kannel-process.ts';
import { startLoadGenerator } from '../load/load-generator.ts';
import type { RequestSpec } from '../load/request-spec.ts';
import { cpuSeconds } from '../process/cpu-use.ts';
import { startSmscProcess } from '../process/smsc.ts';
import { cpuBetween, untilBound } from '../process/sotto-run.ts';
import { waitFor, wallMs } from '../process/waiting.ts';
import type { Workshop } from '../process/workshop.ts';
import { TEXT } from './sotto-requests.ts';
import {
  DRAIN_LIMIT_MS,
  FIRST_COUNTED,
  failedRequests,
  perSecond,
  type Throughput,
  type ThroughputOptions,
  WARM_UP_MS,
} from './throughput.ts';

const COUNT_EVERY_MS = 20;

/** The final receipt alone (delivered 1, failed 2): the answer of the SMSC is not called back, which spares the peer. */
const DLR_MASK = 3;

const sendsmsRequest = (sinkPort: number): RequestSpec => ({
  before: `GET /cgi-bin/sendsms?username=bench&password=bench&from=BENCH&text=${encodeURIComponent(TEXT)}&dlr-mask=${DLR_MASK}&to=`,
  item: [
    '',
    `&dlr-url=${encodeURIComponent(`http://127.0.0.1:${sinkPort}/dlr?id=`)}`,
    encodeURIComponent('&t=%d'),
  ],
  separator: '',
  after: ' HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  items: 1,
});

/** One run of the peer on an empty store. */
export function measureKannel(workshop: Workshop, options: ThroughputOptions): Promise<Throughput> {
  return workshop.inFolder(async (folder) => {
    const { children } = workshop;
    const smsc = await startSmscProcess(children);
    const kannel = await startKannel(children, folder, smsc.port);
    await untilBound(smsc);
    const load = await startLoadGenerator(children);
    const sinkPort = await load.ask({ kind: 'sink' });
    const cpu = () => ({
      server: (cpuSeconds(kannel.bearerbox.pid) ?? 0) + (cpuSeconds(kannel.smsbox.pid) ?? 0),
      database: null,
      smsc: cpuSeconds(smsc.pid),
      load: cpuSeconds(load.pid),
    });
    const send = (durationMs: number, firstIndex: number) =>
      load.ask({
        kind: 'closed',
        host: '127.0.0.1',
        port: kannel.sendsmsPort,
        connections: options.connections,
        request: sendsmsRequest(sinkPort),
        durationMs,
        messagesMax: Number.MAX_SAFE_INTEGER,
        acceptedMark: null,
        firstIndex,
      });
    const untilCalledBack = (wanted: number) =>
      waitFor(
        async () => {
          const { delivered, failed } = await load.ask({ kind: 'sink_counts' });
          return delivered + failed >= wanted ? true : undefined;
        },
        DRAIN_LIMIT_MS,
        COUNT_EVERY_MS,
      );
    const warm = await send(WARM_UP_MS, 0);
    await untilCalledBack(warm.accepted);
    const before = cpu();
    const result = await send(options.seconds * 1_000, FIRST_COUNTED);
    const accepted = warm.accepted + result.accepted;
    await untilCalledBack(accepted);
    const endedAtMs = wallMs();
    const cpuUse = cpuBetween(before, cpu());
    const { delivered } = await load.ask({ kind: 'sink_counts' });
    const completed = delivered - warm.accepted;
    const { accepted: submitted } = await smsc.counts();
    await kannel.stop();
    return {
      system: 'kannel',
      shape: 'singles',
      accepted: result.accepted,
      completed,
      perSecond: perSecond(completed, endedAtMs - result.startedAtMs),
      acceptedPerSecond: perSecond(result.accepted, result.endedAtMs - result.startedAtMs),
      drainSeconds: Math.max(0, endedAtMs - result.endedAtMs) / 1_000,
      accept: result.latency,
      duplicates: Math.max(0, submitted - accepted),
      failedRequests: failedRequests(warm) + failedRequests(result),
      cpuSeconds: cpuUse,
      lost: Math.max(0, accepted - delivered),
      mischarged: 0,
    };
  });
}
