// The one place where contexts meet. Plain functions in order: what a part needs is made before it and passed in;
// what lower contexts need of higher ones is registered here (sinks, jobs, routes).
import type { Server } from 'node:net';
import type { Policy } from '@sotto/policy';
import { boundsMs } from '@sotto/policy/duration';
import { type AbuseSettings, createThrottle } from '#abuse';
import { type AccountMail, createAuthenticator, endPresented } from '#accounts';
import { accountsJobs, closingNoticeJob, inactivityNotice } from '#accounts/jobs';
import { type CarrierFleet, startCarriers } from '#carriers';
import { createHttpServer, type HttpServer } from '#http';
import { ledgerJobs } from '#ledger/jobs';
import { mailPurposes } from '#mail';
import {
  messageKeeping,
  NO_HANDOFF,
  type Sending,
  startAcceptance,
  startReceipts,
  startSending,
  startTariffs,
  storeLate,
} from '#messages';
import { messageJobs } from '#messages/jobs';
import { createInboundSink, honourStops, type InboundSink, type StoredContentMode } from '#numbers';
import { numbersJobs } from '#numbers/jobs';
import { invoiceJob, type PaymentSettings, paymentCredited, takebackFinal } from '#payments';
import { paymentsJobs } from '#payments/jobs';
import { clockAlignment } from '#platform/clock-alignment';
import type { Config } from '#platform/config';
import { Doorbell } from '#platform/doorbell';
import { AppError, assertInvariant } from '#platform/errors';
import { letKeysLive } from '#platform/idempotency';
import { type AnyJob, JobRunner } from '#platform/jobs';
import type { Component } from '#platform/lifecycle';
import { log } from '#platform/log';
import { maintenanceJobs } from '#platform/maintenance';
import { counter } from '#platform/metrics';
import { Outbox } from '#platform/outbox';
import {
  databaseReachable,
  diskHasRoom,
  eventLoopKeepsUp,
  notOlderThan,
  Readiness,
} from '#platform/readiness';
import { daysKept } from '#privacy/audit';
import { ledgerConsents } from '#privacy/consent';
import { privacyJobs } from '#privacy/jobs';
import { processingUnder, rememberVerdicts, watchRestrictions } from '#privacy/processing';
import { expireJob, limitsOf, type RetentionLimits } from '#privacy/retention';
import { watchSuppressions } from '#privacy/suppressions';
import { keptUnder, replied } from '#support';
import { supportJobs } from '#support/jobs';
import { accountMail, composeAccounts } from './compose-accounts.ts';
import { composeInboundMail } from './compose-inbound-mail.ts';
import { type ComposedMail, composeMail } from './compose-mail.ts';
import { type ComposedPayments, composePayments } from './compose-payments.ts';
import { composeTelemetry } from './compose-telemetry.ts';
import { type ContentModes, inboundModeOf, modesOf, outboundModeOf, storedModeOf } from './content-modes.ts';
import { databaseWatch } from './database-watch.ts';
import { expiryHandlers, keyDayUsers } from './expiry-handlers.ts';
import type { Ground } from './ground.ts';
import { composeMemory } from './inbound-memory.ts';
import { featuresOf } from './policy/features.ts';
import { holdsOf } from './policy/holds.ts';
import type { PolicyFile } from './policy/policy-file.ts';
import { basesOf } from './policy/purposes.ts';
import { sessionCookieOf } from './policy/session-cookie.ts';
import { telemetryPermissions } from './policy/telemetry-permissions.ts';
import { replyTermsFor } from './reply-terms.ts';
import { routesOf } from './routes.ts';
import type { SimulatedCarrier } from './simulator-routes.ts';
import { ticketReplyJob } from './ticket-reply-mail.ts';
import { readTls } from './tls-files.ts';

/** Rung when queue rows were committed that the committing process cannot submit itself. */
const QUEUE_CHANNEL = 'messages_queue';
/** Beyond this delay of the event loop requests wait noticeably: send traffic elsewhere. */
const EVENT_LOOP_DELAY_MS_MAX = 500;

const receiptsCounted = counter({
  name: 'sotto_messages_receipts_total',
  help: 'Receipts by what became of them',
  labels: { outcome: ['matched', 'parked', 'intermediate'] },
});

export interface Composition {
  readonly components: readonly Component[];
  readonly http: HttpServer | null;
  readonly fleet: CarrierFleet | null;
  readonly readiness: Readiness;
}

export interface ComposeOptions {
  readonly config: Config;
  readonly ground: Ground;
  readonly policy: PolicyFile;
  /** What the operator decided about limits. */
  readonly abuse: AbuseSettings;
  /** The simulated carrier, where this process runs one. */
  readonly simulator?: SimulatedCarrier | null;
  /** How long texts are kept; as the policy says when absent. */
  readonly contentModes?: ContentModes;
  /** Who takes payments; as the settings say when absent. */
  readonly paymentSettings?: PaymentSettings;
}

/** Wires the roles of this process. Nothing listens or works before its component is started. */
export async function compose({
  config,
  ground,
  policy,
  abuse,
  simulator = null,
  contentModes: given,
  paymentSettings,
}: ComposeOptions): Promise<Composition> {
  const features: ReadonlySet<string> = featuresOf(policy.policy);
  const { db, keyring } = ground;
  const limits = limitsOf(policy.policy);
  letKeysLive(limits.get('request')!.duration);
  const contentModes = given ?? modesOf(policy.policy);
  const inboundMode = inboundModeOf(contentModes);
  const storedMode = storedModeOf(inboundMode);
  const outboundMode = outboundModeOf(contentModes);
  const roles = new Set(config.roles);
  const readiness = new Readiness();
  const loop = eventLoopKeepsUp(EVENT_LOOP_DELAY_MS_MAX);
  readiness.register('platform.database', databaseReachable(db));
  readiness.register('platform.event_loop', loop.check);
  readiness.register('platform.disk', diskHasRoom(config.dataDir, config.diskFreeMinPercent));
  const doorbell = new Doorbell(db);
  const components: Component[] = [
    ...(ground.embedded ? [databaseWatch(ground.embedded)] : []),
    clockAlignment(db),
    { name: 'readiness', stop: () => loop.stop() },
    { name: 'doorbell', start: () => doorbell.start(), stop: () => doorbell.stop() },
  ];
  const processing = processingUnder(basesOf(policy.policy), ledgerConsents(keyring));
  const verdicts = rememberVerdicts({ db, processing });
  const permissions = telemetryPermissions(policy.policy, features, verdicts);
  const telemetry = composeTelemetry(db, config, permissions);
  components.push(telemetry.component);
  const mail = composeMail(config, policy.policy, features.has('email_accounts'), { keyring, processing });
  const paying = composePayments(config, policy.policy, features, paymentSettings);
  components.push(paying.component);
  const tariffs = await startTariffs(db, log);
  components.push({ name: 'tariffs', stop: () => tariffs.stop() });

  const relays = inboundMode.kind === 'none' && (features.has('relayed_inbound') || given !== undefined);
  const memory = relays ? await composeMemory(ground, config, readiness) : null;
  const receives = memory !== null || features.has('stored_inbound');
  components.push(...(memory?.components ?? []));

  // Who is never written to has nothing to stop, and a word to a number that is leased for codes is no answer.
  const heeding = (sink: InboundSink) => (features.has('messages') ? honourStops(sink, db, keyring) : sink);
  const carrier = roles.has('carrier')
    ? await composeCarrier(ground, config, {
        tariff: tariffs.current,
        doorbell,
        inbound: heeding(memory?.sink ?? createInboundSink(db, keyring, storedMode)),
        receives,
        untilFinal: outboundMode.kind === 'until_final',
      })
    : null;
  if (carrier) {
    components.push(...carrier.components);
    readiness.register('carriers.connectors', () => carrier.fleet.unready());
  }
  let http: HttpServer | null = null;
  const baseUrl = () => config.publicUrl ?? listenerUrl(http?.fastify.server.address() ?? null, config);
  const letters = accountMail(keyring, baseUrl, mailPurposes(policy.policy));
  if (roles.has('worker')) {
    const parts = {
      letters,
      baseUrl,
      ground,
      config,
      doorbell,
      readiness,
      policy: policy.policy,
      limits,
      storedMode,
      mail,
      paying,
    };
    components.push(...composeWorker(parts));
  }

  if (roles.has('api')) {
    const terms = replyTermsFor(policy.policy, config);
    const desk = features.has('support_tickets') ? { keyring, terms, kept: keptUnder(limits) } : null;
    components.push(...composeInboundMail(config, ground, desk, log));
    const suppressions = await watchSuppressions(db, log);
    components.push({ name: 'suppressions', stop: () => suppressions.stop() });
    const restrictions = await watchRestrictions({ db, log });
    components.push({ name: 'restrictions', stop: () => restrictions.stop() });
    const acceptance = startAcceptance({
      db,
      keyring,
      tariff: tariffs.current,
      suppressesAll: suppressions.coversAll,
      marketingNeedsConsent: basesOf(policy.policy).marketing === 'consent',
      restrictions,
      handoff: carrier?.sending.handoff ?? NO_HANDOFF,
      keeping: messageKeeping(limits),
      contentMode: outboundMode,
      onQueued: () => {
        if (!carrier) doorbell.ring(QUEUE_CHANNEL);
      },
    });
    const authenticator = createAuthenticator(db, keyring);
    const { limits: abuseLimits } = abuse;
    const throttle = createThrottle({ db, keyring, log, limits: abuseLimits, holds: holdsOf(policy.policy) });
    const accounts = await composeAccounts(config, policy, throttle, abuse, letters, baseUrl);
    components.push(accounts.component);
    const cookie = sessionCookieOf(policy.policy);
    http = createHttpServer({
      db,
      keyring,
      log,
      authenticator,
      isOn: (feature) => (feature === 'inbound' ? receives : features.has(feature)),
      routes: routesOf({
        policy,
        db,
        keyring,
        authenticator,
        throttle,
        accounts: accounts.parts,
        acceptance,
        tariffs,
        suppressions,
        verdicts,
        readiness,
        fleet: carrier?.fleet ?? null,
        forget: (ids) => carrier?.sending.forget(ids),
        erasures: ground.erasureLog,
        metricsToken: config.metricsToken?.reveal(),
        simulator,
        mailbox: roles.has('worker') ? mail.mailbox : null,
        limits,
        payments: paying.payments,
        creditAloneMaxMicros: BigInt(config.creditAloneMax) * 1_000_000n,
        inboundMode: storedMode,
        memoryReader: memory?.reader ?? null,
        replyTerms: terms,
      }),
      trustedProxies: config.trustedProxies,
      requireHttps: config.production,
      sessionCookie: cookie && {
        maxAgeSeconds: cookie.maxAgeSeconds,
        origin: () => new URL(baseUrl()).origin,
        end: (tx, token) => endPresented(tx, keyring, token),
      },
      bodyLimitBytes: config.bodyLimitBytes,
      onUsed: telemetry.used,
      ...readTls(config),
    });
    const server = http;
    components.push({
      name: 'http',
      async stop() {
        readiness.drain();
        await server.close();
        await acceptance.drain();
      },
    });
  }
  return { components, http, fleet: carrier?.fleet ?? null, readiness };
}

interface CarrierParts {
  readonly tariff: Parameters<typeof startSending>[0]['tariff'];
  readonly doorbell: Doorbell;
  readonly inbound: InboundSink;
  /** Whether inbound texts may be taken at all. */
  readonly receives: boolean;
  /** Whether content is erased when its message ends. */
  readonly untilFinal: boolean;
}

async function composeCarrier(
  { db, keyring }: Ground,
  config: Config,
  { tariff, doorbell, inbound, receives, untilFinal }: CarrierParts,
): Promise<{ fleet: CarrierFleet; sending: Sending; components: Component[] }> {
  // Carriers need sinks, and the sinks' side needs the carriers: receipts wait until both stand.
  const made = Promise.withResolvers<Sending>();
  const receipts = startReceipts({
    db,
    keyring,
    untilFinal,
    isPending: (connectorId, id) => sending.outcomes.isPending(connectorId, id),
    settled: () => sending.outcomes.settled(),
    recent: () => sending.outcomes.recent,
    onMatched: (connectorId, form) => fleet.matched(connectorId, form),
    onCounted: (outcome, count) => receiptsCounted.add(count, { outcome }),
  });
  const fleet = await startCarriers({
    db,
    keyring,
    drainMs: config.drainTimeoutMs,
    leaseTimes: leaseTimesOf(config.senderLeaseMs),
    sinks: {
      async receipts(batch) {
        await made.promise;
        await receipts(batch);
      },
      async late(answers) {
        const { outcomes } = await made.promise;
        await storeLate(db, () => outcomes.settled(), answers);
      },
      async inbound(batch) {
        // The carrier keeps what may not be taken here: it is told to try again later.
        if (!receives) throw new AppError('feature_off', { retryable: true });
        return (await inbound.receive(batch)).map((outcome) => outcome !== 'refused');
      },
    },
  });
  const sending = await startSending({
    db,
    keyring,
    fleet,
    tariff,
    log,
    untilFinal,
    leaseMs: config.senderLeaseMs,
  });
  made.resolve(sending);
  fleet.onChange(() => sending.wake());
  doorbell.on(QUEUE_CHANNEL, () => sending.wake());
  return {
    fleet,
    sending,
    components: [
      { name: 'carriers', stop: () => fleet.stop() },
      { name: 'sending', stop: (limitMs) => sending.stop(limitMs) },
    ],
  };
}

interface WorkerParts {
  /** Where people reach this installation. */
  readonly baseUrl: () => string;
  readonly letters: AccountMail;
  readonly ground: Ground;
  readonly config: Config;
  readonly doorbell: Doorbell;
  readonly readiness: Readiness;
  readonly policy: Policy;
  readonly limits: RetentionLimits;
  readonly storedMode: StoredContentMode;
  readonly mail: ComposedMail;
  readonly paying: ComposedPayments;
}

function composeWorker(parts: WorkerParts): Component[] {
  const { ground, config, doorbell, readiness, policy, limits, storedMode, mail, paying } = parts;
  const { db, keyring } = ground;
  const features = featuresOf(policy);
  const tellOfAnswer = ticketReplyJob({
    keyring,
    mailDomain: config.mailDomain,
    baseUrl: parts.baseUrl,
    sends: features.has('email_accounts') && mailPurposes(policy).has('support'),
  });
  const closing = { keyring, mail: parts.letters };
  const tellOfClosing = closingNoticeJob(closing);
  const jobs = [
    ...maintenanceJobs,
    ...ledgerJobs,
    ...paymentsJobs({
      ...paying.payments,
      keyring,
      mailBaseUrl: mailPurposes(policy).has('contact') ? paying.payments.returnUrl : null,
    }),
    ...privacyJobs({ db, keyring, keptDays: daysKept(boundsMs(limits.get('audit')!.duration).min) }),
    ...numbersJobs(keyring, storedMode),
    ...messageJobs({ db, keyring, adoptEveryMs: Math.min(5_000, config.senderLeaseMs) }),
    ...accountsJobs(policy.account.inactivity, limits, closing),
    tellOfClosing,
    ...mail.jobs,
    ...(features.has('support_tickets') ? supportJobs(keyring) : []),
    tellOfAnswer,
    ...expireJob({ db, keyring, limits, handlers: expiryHandlers(keyring), keyDayUsers }),
  ] as unknown as readonly AnyJob[];
  readiness.register('mail.server', mail.check);
  const runner = new JobRunner({ db, doorbell, jobs, concurrency: config.jobConcurrency });
  const outbox = new Outbox({ db, doorbell });
  outbox.subscribe(replied, tellOfAnswer);
  outbox.subscribe(inactivityNotice, tellOfClosing);
  outbox.subscribe(paymentCredited, invoiceJob);
  outbox.subscribe(takebackFinal, invoiceJob);
  readiness.register(
    'platform.jobs',
    notOlderThan('the oldest due job', config.jobAgeMaxSeconds * 1000, () => runner.oldestDueMs()),
  );
  readiness.register(
    'platform.outbox',
    notOlderThan('the oldest event', config.jobAgeMaxSeconds * 1000, () => outbox.oldestMs()),
  );
  return [
    { name: 'jobs', start: () => runner.start(), stop: (limitMs) => runner.stop(limitMs) },
    { name: 'outbox', start: () => outbox.start(), stop: () => outbox.stop() },
  ];
}

/** Bind leases last as long as senders' do, so that one setting says how soon others take over. */
const leaseTimesOf = (ttlMs: number) => ({
  ttlMs,
  heartbeatMs: Math.floor(ttlMs / 5),
  tryMs: Math.min(1_000, Math.floor(ttlMs / 5)),
});

/** Where this process listens, for links while nobody has said how the world reaches it. */
function listenerUrl(
  address: ReturnType<Server['address']>,
  { host: configured, port, tlsCertFile }: Pick<Config, 'host' | 'port' | 'tlsCertFile'>,
): string {
  const scheme = tlsCertFile === undefined ? 'http' : 'https';
  if (address === null) return `${scheme}://${configured}:${port}`;
  assertInvariant(typeof address === 'object', 'who answers a request listens on a port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${scheme}://${host}:${address.port}`;
}
