// Passes on what may be passed on, through the egress client and to registered recipients alone. A call is made once:
// a count or a report that is lost harms nobody, one that arrives twice misleads.
//
//   open --429 or 503--> resting (as long as the collector asks, at most an hour) --> open
//   open --no answer--> resting (a minute) --> open
import { monotonicMs } from '#platform/clock';
import type { Log } from '#platform/log';
import type { Egress, EgressOutcome, EgressRequest } from '#privacy/egress';
import type { ErrorCount } from '../error-tally.ts';
import { forwarded } from '../metrics.ts';
import type { TelemetryPermissions } from '../permissions.ts';
import type { UsageCount } from '../usage-tally.ts';
import { measurementRequests } from './measurement.ts';
import type { TelemetryRecipient } from './recipients.ts';
import { type Build, sentryRequest } from './sentry.ts';
import { FEATURE_OF, type ForwardSettings } from './settings.ts';

export interface Forwarder {
  /** Whether uses are worth collecting for it now: a stream is configured and the feature is on. */
  takesUsage(): boolean;
  /** Never rejects; what came of it is counted. */
  usage(counts: readonly UsageCount[]): Promise<void>;
  /** Never rejects; what came of it is counted. */
  errors(counts: readonly ErrorCount[], atMs: number): Promise<void>;
}

export interface ForwarderOptions {
  readonly settings: ForwardSettings;
  /** Opened with `telemetryEgress` of the same settings. */
  readonly egress: Pick<Egress, 'send'>;
  readonly permissions: Pick<TelemetryPermissions, 'isOn'>;
  readonly build: Build;
  readonly log: Log;
}

/** Calls of one flush, so that a burst of faults does not become a burst of calls. */
const CALLS_MAX = 50;
const REST_DEFAULT_MS = 60_000;
const REST_MAX_MS = 3_600_000;

export function createForwarder({ settings, egress, permissions, build, log }: ForwarderOptions): Forwarder {
  const restingUntil = new Map<TelemetryRecipient, number>();
  const isOn = (name: TelemetryRecipient) => permissions.isOn(FEATURE_OF[name]);

  async function send(recipient: TelemetryRecipient, request: EgressRequest): Promise<void> {
    if (!isOn(recipient)) return;
    if (monotonicMs() < (restingUntil.get(recipient) ?? 0)) {
      forwarded.add(1, { recipient, outcome: 'paused' });
      return;
    }
    try {
      const outcome = await egress.send(recipient, request);
      const restMs = restOf(outcome);
      if (restMs > 0) restingUntil.set(recipient, monotonicMs() + restMs);
      forwarded.add(1, { recipient, outcome: wordFor(outcome) });
    } catch (error) {
      // A refusal of the egress client: what is declared and what is sent have come apart.
      forwarded.add(1, { recipient, outcome: 'refused' });
      log.error('telemetry.not_forwarded', { recipient, error });
    }
  }

  async function sendAll(recipient: TelemetryRecipient, requests: readonly EgressRequest[]): Promise<void> {
    for (const request of requests.slice(0, CALLS_MAX)) await send(recipient, request);
    const left = requests.length - CALLS_MAX;
    if (left > 0) forwarded.add(left, { recipient, outcome: 'paused' });
  }

  return {
    takesUsage: () => settings.usageStreams.length > 0 && isOn('usage_counter'),
    async usage(counts) {
      for (const stream of settings.usageStreams)
        await sendAll('usage_counter', measurementRequests(stream, counts));
    },
    async errors(counts, atMs) {
      const collector = settings.errorCollector;
      if (collector === null) return;
      await sendAll(
        'error_reporter',
        counts.map((count) => sentryRequest(collector, count, build, atMs)),
      );
    },
  };
}

const wordFor = (outcome: EgressOutcome): 'taken' | 'refused' | 'failed' => {
  if (outcome.outcome === 'failed') return 'failed';
  return outcome.status >= 200 && outcome.status < 300 ? 'taken' : 'refused';
};

/** How long a collector that is overloaded asks to be left alone (RFC 9110 §10.2.3), in seconds only. */
function restOf(outcome: EgressOutcome): number {
  // Waiting for one that does not answer, call after call, would take as long as a flush may last.
  if (outcome.outcome === 'failed') return REST_DEFAULT_MS;
  if (outcome.status !== 429 && outcome.status !== 503) return 0;
  const header = outcome.headers['retry-after'];
  const seconds = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : 0;
  return seconds > 0 ? Math.min(seconds * 1_000, REST_MAX_MS) : REST_DEFAULT_MS;
}
