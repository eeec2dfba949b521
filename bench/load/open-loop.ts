// Open loop: requests begin when their time has come, whether or not earlier ones were answered, as independent
// callers would. Times between them are exponential (a Poisson process) and repeat with the seed. A request's latency
// counts from its planned time, so a server that stalls is not spared by a client that waits for it.
import { wallMs } from '../process/waiting.ts';
import { acceptedIn, type LoadResult } from './closed-loop.ts';
import { HttpConnection } from './http-connection.ts';
import { makeRequest, type RequestSpec } from './request-spec.ts';
import { Samples } from './samples.ts';
import { seededRandom } from './seeded-random.ts';

export interface OpenLoop {
  readonly kind: 'open';
  readonly host: string;
  readonly port: number;
  /** Connections made at the start; more are made when all are busy, up to `connectionsMax`. */
  readonly connections: number;
  readonly connectionsMax: number;
  readonly request: RequestSpec;
  readonly requestsPerSecond: number;
  readonly durationMs: number;
  /** Not measured: the time in which code is compiled and caches fill. */
  readonly warmUpMs: number;
  readonly seed: number;
  readonly firstIndex: number;
  /** Says when each request began (milliseconds since 1970), by its place in the run. */
  readonly keepTimes: boolean;
}

export interface OpenLoopResult extends LoadResult {
  /** Begin of each request, when asked for. */
  readonly beganAtMs: readonly number[];
  /** How many requests had to wait for a connection; above 0 the client was at its limit. */
  readonly waited: number;
}

const TICK_MS = 1;
const ANSWERS_LIMIT_MS = 30_000;

/** Runs the load to its end; answers that have not come 30 s later count as unanswered. */
export function runOpenLoop(load: OpenLoop): Promise<OpenLoopResult> {
  const random = seededRandom(load.seed);
  const meanMs = 1_000 / load.requestsPerSecond;
  const samples = new Samples();
  const statuses: Record<number, number> = {};
  const beganAtMs: number[] = [];
  const idle: ((plannedAt: number) => void)[] = [];
  const late: number[] = [];
  const all = new Set<HttpConnection>();
  let sent = 0;
  let accepted = 0;
  let answered = 0;
  let unanswered = 0;
  let waited = 0;
  const startedAtMs = wallMs();
  const start = performance.now();
  const measuredFrom = start + load.warmUpMs;
  const until = measuredFrom + load.durationMs;
  let nextAt = start;

  return new Promise((resolve) => {
    const open = (): void => {
      let plannedAt = 0;
      const connection = new HttpConnection(load.port, load.host, {
        onAnswer(answer) {
          answered++;
          if (plannedAt >= measuredFrom) samples.add(performance.now() - plannedAt);
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
          if (answer.status === 202)
            accepted += acceptedIn(answer, { acceptedMark: null, request: load.request });
          const next = late.shift();
          if (next === undefined) idle.push(begin);
          else begin(next);
        },
        onEnd(pending) {
          all.delete(connection);
          if (pending) unanswered++;
          // A server may close what is idle; nothing may be sent there any more.
          else if (idle.includes(begin)) idle.splice(idle.indexOf(begin), 1);
        },
      });
      const begin = (planned: number): void => {
        plannedAt = planned;
        if (load.keepTimes) beganAtMs.push(wallMs());
        connection.send(makeRequest(load.request, load.firstIndex + sent));
        sent += load.request.items;
      };
      all.add(connection);
      idle.push(begin);
    };
    const requestAt = (planned: number): void => {
      if (idle.length === 0 && all.size < load.connectionsMax) open();
      const begin = idle.pop();
      if (begin) begin(planned);
      else {
        waited++;
        late.push(planned);
      }
    };
    const tick = setInterval(() => {
      const now = performance.now();
      while (nextAt <= now && nextAt < until) {
        requestAt(nextAt);
        nextAt += -Math.log(1 - random()) * meanMs;
      }
      const isOver =
        nextAt >= until && late.length === 0 && answered + unanswered === sent / load.request.items;
      if (isOver || now > until + ANSWERS_LIMIT_MS) finish();
    }, TICK_MS);
    const finish = (): void => {
      clearInterval(tick);
      const missing = sent / load.request.items - answered;
      for (const connection of all) connection.close();
      resolve({
        messagesSent: sent,
        accepted,
        statuses,
        unanswered: missing,
        startedAtMs,
        endedAtMs: wallMs(),
        latency: samples.percentiles(),
        beganAtMs,
        waited,
      });
    };
    for (let at = 0; at < load.connections; at++) open();
  });
}
