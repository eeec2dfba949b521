// Closed loop: each connection sends its next request when the last one was answered.
import { wallMs } from '../process/waiting.ts';
import { type HttpAnswer, HttpConnection } from './http-connection.ts';
import { makeRequest, type RequestSpec } from './request-spec.ts';
import { type Percentiles, Samples } from './samples.ts';

export interface ClosedLoop {
  readonly kind: 'closed';
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly request: RequestSpec;
  /** No request begins after this long; those begun are waited for. */
  readonly durationMs: number;
  /** Nor after this many messages. */
  readonly messagesMax: number;
  /** What one accepted message looks like in an answer; null: an answer of 202 accepts every message of it. */
  readonly acceptedMark: string | null;
  /** Index of the first message, so that two loads of one run do not share destinations. */
  readonly firstIndex: number;
}

export interface LoadResult {
  readonly messagesSent: number;
  readonly accepted: number;
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests whose connection ended before the answer. */
  readonly unanswered: number;
  /** Of the first request and of the last answer, in milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly latency: Percentiles;
}

const UNANSWERED_MAX = 100;
const ACCEPTED_STATUS = 202;

/** Runs the load to its end. Rejects when connections keep breaking. */
export function runClosedLoop(load: ClosedLoop): Promise<LoadResult> {
  const { request, connections } = load;
  const samples = new Samples();
  const statuses: Record<number, number> = {};
  let sent = 0;
  let accepted = 0;
  let unanswered = 0;
  let running = 0;
  const startedAtMs = wallMs();
  const until = performance.now() + load.durationMs;

  return new Promise((resolve, reject) => {
    const open = (): void => {
      running++;
      let sentAt = 0;
      const connection = new HttpConnection(load.port, load.host, {
        onAnswer(answer) {
          samples.add(performance.now() - sentAt);
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
          if (answer.status === ACCEPTED_STATUS) accepted += acceptedIn(answer, load);
          next();
        },
        onEnd(pending) {
          running--;
          if (pending) {
            unanswered++;
            if (unanswered > UNANSWERED_MAX) {
              reject(new Error(`${unanswered} requests lost their connection`));
              return;
            }
            open();
          }
          if (running === 0) finish();
        },
      });
      const next = (): void => {
        if (performance.now() >= until || sent + request.items > load.messagesMax) {
          connection.close();
          return;
        }
        const text = makeRequest(request, load.firstIndex + sent);
        sent += request.items;
        sentAt = performance.now();
        connection.send(text);
      };
      next();
    };
    const finish = (): void =>
      resolve({
        messagesSent: sent,
        accepted,
        statuses,
        unanswered,
        startedAtMs,
        endedAtMs: wallMs(),
        latency: samples.percentiles(),
      });
    for (let at = 0; at < connections; at++) open();
  });
}

/** How many messages an answer accepts. */
export function acceptedIn(
  { octets, bodyStart }: HttpAnswer,
  load: Pick<ClosedLoop, 'acceptedMark' | 'request'>,
): number {
  const { acceptedMark } = load;
  if (acceptedMark === null) return load.request.items;
  let count = 0;
  let at = octets.indexOf(acceptedMark, bodyStart, 'latin1');
  while (at >= 0) {
    count++;
    at = octets.indexOf(acceptedMark, at + acceptedMark.length, 'latin1');
  }
  return count;
}
