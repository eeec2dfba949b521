// The face of telemetry: what a process counts and reports, and what it passes on. Everything is off until the policy
// has the feature, and nothing here can make a request fail or wait.

import { alignedNowMs, pause } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { Purpose } from '#privacy/data-map';
import { type CountryLookup, createLocate, type Locate } from './country.ts';
import { readUserAgent } from './device.ts';
import { type ErrorCount, ErrorTally } from './error-tally.ts';
import type { Forwarder } from './forward/forwarder.ts';
import { dropped } from './metrics.ts';
import { NOTHING_PERMITTED, type TelemetryPermissions } from './permissions.ts';
import { storeErrors, storeUsage } from './store.ts';
import { browserName } from './usage-names.ts';
import { type UsageCount, UsageTally } from './usage-tally.ts';

export type { CountryCode, CountryLookup, Locate, Place } from './country.ts';
export { openCountryFiles } from './country-files.ts';
export { type CoarseDevice, readUserAgent } from './device.ts';
export { type Ended, endErrorReports, endUsage } from './expiry.ts';
export { createForwarder, type Forwarder, type ForwarderOptions } from './forward/forwarder.ts';
export { type RecipientFact, telemetryEgress, telemetryRecipients } from './forward/recipients.ts';
export { type ForwardConfig, type ForwardSettings, forwardSettings } from './forward/settings.ts';
export { NOTHING_PERMITTED, type TelemetryFeature, type TelemetryPermissions } from './permissions.ts';
export { type ScrubbedError, scrubError } from './scrub-error.ts';
export { type Days, type ErrorReport, readErrorReports, readUsage } from './store.ts';
export { foreignProxies, type ProxyObjection, undeclaredProxies } from './trusted-proxies.ts';
export type { UsageKind } from './usage-names.ts';
export { PEOPLE_MIN, type UsageCount } from './usage-tally.ts';

/** One use of the service, as the edge saw it. What is not on a closed list is not kept. */
export interface Use {
  /** Id of the operation: `messages.send`. */
  readonly feature: string;
  /** Template of its path: `/v1/messages/{id}`. A concrete path is counted as `other`. */
  readonly page: string;
  /** The header as it came; read coarsely and let go. */
  readonly userAgent: string | undefined;
  /** Whose use it was: the id of a workspace or key, else the network address. Hashed at once under a key of the day. */
  readonly subject: string;
  /** The request carried a privacy signal: what it was is passed on to nobody. */
  readonly optsOutOfSale?: boolean;
}

export interface Telemetry {
  /** Counts a use, and collects it for the collectors, each when its subject lets us. Never throws, never waits. */
  used(use: Use): void;
  /** Counts an error that nobody expected, scrubbed. Never throws. */
  failed(error: unknown): void;
  /** The country of an address where the policy lists it for the purpose. */
  readonly locate: Locate;
  /** Stores what is due and then forwards it. Rejects when it cannot be stored; then nothing of it is lost. */
  flush(): Promise<void>;
  start(): void;
  /** Flushes for the last time and forgets what is too small to be kept. Waits `limitMs` at most for collectors. */
  stop(limitMs?: number): Promise<void>;
}

export interface TelemetryOptions {
  readonly db: Database;
  readonly log: Log;
  /** What the policy lets us do; nothing when absent. */
  readonly permissions?: TelemetryPermissions;
  readonly countries?: CountryLookup | null;
  readonly forwarder?: Forwarder | null;
  /** Between two flushes, in milliseconds. */
  readonly flushEveryMs?: number;
  /** Fewest people behind a count; never below 2. */
  readonly peopleMin?: number;
}

const FLUSH_EVERY_MS = 300_000;
/** Questions to the consents open at once; what comes on top is neither counted nor forwarded. */
const ASKING_MAX = 1_000;
/** What the consents and then collectors get of a stop: what they do not take by then is theirs to miss. */
const FORWARD_AT_STOP_MS = 3_000;
const PURPOSE = 'improve';

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { db, log, permissions = NOTHING_PERMITTED, countries = null, forwarder = null } = options;
  const stored = new UsageTally(options.peopleMin);
  const passedOn = new UsageTally(options.peopleMin);
  const errors = new ErrorTally();
  const asking = new Set<Promise<void>>();
  let isUnknownSaid = false;
  let timer: NodeJS.Timeout | undefined;
  let missedSaid = 0;
  let storing: Promise<void> = Promise.resolve();
  let forwarding: Promise<void> = Promise.resolve();

  function count(tally: UsageTally, { feature, page, userAgent, subject }: Use, nowMs: number): void {
    tally.add(nowMs, 'feature', feature, subject);
    if (permissions.allows('user.behavior.browsing_history', PURPOSE))
      tally.add(nowMs, 'page', page, subject);
    if (!permissions.allows('user.device', PURPOSE)) return;
    const device = readUserAgent(userAgent);
    tally.add(nowMs, 'browser', browserName(device), subject);
    tally.add(nowMs, 'system', device.system, subject);
    tally.add(nowMs, 'device', device.device, subject);
  }

  /** Only what its subject lets us count, or pass on, is ever in the tally of it. */
  function countIf(
    may: (subject: string, purpose: Purpose) => boolean | Promise<boolean>,
    tally: UsageTally,
    use: Use,
    nowMs: number,
  ): void {
    if (asking.size >= ASKING_MAX) return;
    const said = may(use.subject, PURPOSE);
    if (typeof said === 'boolean') {
      if (said) count(tally, use, nowMs);
      return;
    }
    const asked: Promise<void> = said
      .then((isAllowed) => {
        if (isAllowed) count(tally, use, nowMs);
      }, unknown)
      .finally(() => asking.delete(asked));
    asking.add(asked);
  }

  /** Once a flush: with the database away it would be every request. */
  function unknown(error: unknown): void {
    if (!isUnknownSaid) log.warn('telemetry.consent_unknown', { error });
    isUnknownSaid = true;
  }

  /** Stores what is due and gives what may be passed on. `nowMs` null: the process ends. */
  async function store(nowMs: number | null): Promise<Due> {
    const smallBefore = stored.forgotten;
    // A feature that was switched off since leaves nothing behind.
    const counts = stored.take(nowMs).filter(() => permissions.isOn('usage_analytics'));
    const reports = errors.take().filter(() => permissions.isOn('error_reports'));
    dropped.add(stored.forgotten - smallBefore, { what: 'small_groups' });
    dropped.add(errors.missed - missedSaid, { what: 'errors' });
    missedSaid = errors.missed;
    if (counts.length + reports.length > 0) {
      try {
        await db.batch(async (tx) => {
          await Promise.all([storeUsage(tx, counts), storeErrors(tx, reports)]);
        });
      } catch (error) {
        stored.putBack(counts);
        errors.putBack(reports);
        throw error;
      }
    }
    return { counts: passedOn.take(nowMs), reports };
  }

  async function forward({ counts, reports }: Due): Promise<void> {
    if (forwarder?.takesUsage()) await forwarder.usage(counts);
    await forwarder?.errors(reports, alignedNowMs());
  }

  /** One after the other, and collectors apart: a slow one does not keep the next flush from the database. */
  async function flush(nowMs: number | null): Promise<void> {
    isUnknownSaid = false;
    const due = storing.then(() => store(nowMs));
    storing = due.then(nothing, nothing);
    const given = await due;
    forwarding = forwarding.then(() => forward(given));
  }

  return {
    used(use) {
      if (!permissions.isOn('usage_analytics')) return;
      const nowMs = alignedNowMs();
      countIf(permissions.mayCount, stored, use, nowMs);
      if (use.optsOutOfSale !== true && forwarder?.takesUsage())
        countIf(permissions.mayForward, passedOn, use, nowMs);
    },
    failed(error) {
      if (permissions.isOn('error_reports')) errors.add(alignedNowMs(), error);
    },
    locate: createLocate(countries, permissions),
    async flush() {
      await flush(alignedNowMs());
      await forwarding;
    },
    start() {
      timer ??= setInterval(() => {
        flush(alignedNowMs()).catch((error: unknown) => log.warn('telemetry.not_stored', { error }));
      }, options.flushEveryMs ?? FLUSH_EVERY_MS).unref();
    },
    async stop(limitMs = FORWARD_AT_STOP_MS) {
      clearInterval(timer);
      const enough = new AbortController();
      const waited = pause(Math.min(limitMs, FORWARD_AT_STOP_MS), enough.signal).catch(nothing);
      // What is still asked about was used before the end.
      await Promise.race([Promise.allSettled(asking), waited]);
      await flush(null).catch((error: unknown) => log.warn('telemetry.not_stored', { error }));
      await Promise.race([forwarding, waited]);
      enough.abort();
    },
  };
}

/** What a flush has stored and collectors may have. */
interface Due {
  readonly counts: readonly UsageCount[];
  readonly reports: readonly ErrorCount[];
}

const nothing = () => undefined;
