// The one place where contexts meet. Plain functions in order: what a part needs is made before it and passed in;
// what lower contexts need of higher ones is registered here (sinks, jobs, routes).
import { createAuthenticator } from '#accounts';
import { type CarrierFleet, startCarriers } from '#carriers';
import { createHttpServer, type HttpServer } from '#http';
import { ledgerJobs } from '#ledger/jobs';
import {
  NO_HANDOFF,
  type Sending,
  startAcceptance,
  startReceipts,
  startSending,
  startTariffs,
  storeLate,
} from '#messages';
import { messageJobs } from '#messages/jobs';
import { createInboundSink } from '#numbers';
import { numbersJobs } from '#numbers/jobs';
import { clockAlignment } from '#platform/clock-alignment';
import type { Config } from '#platform/config';
import { Doorbell } from '#platform/doorbell';
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
import { databaseWatch } from './database-watch.ts';
import type { Ground } from './ground.ts';
import { routesOf } from './routes.ts';
import type { SimulatedCarrier } from './simulator-routes.ts';
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
  /** The simulated carrier, where this process runs one. */
  readonly simulator?: SimulatedCarrier | null;
}

/** Wires the roles of this process. Nothing listens or works before its component is started. */
export async function compose({ config, ground, simulator = null }: ComposeOptions): Promise<Composition> {
  const { db, keyring } = ground;
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
  const tariffs = await startTariffs(db, log);
  components.push({ name: 'tariffs', stop: () => tariffs.stop() });

  const carrier = roles.has('carrier')
    ? await composeCarrier(ground, config, tariffs.current, doorbell)
    : null;
  if (carrier) {
    components.push(...carrier.components);
    readiness.register('carriers.connectors', () => carrier.fleet.unready());
  }
  if (roles.has('worker')) components.push(...composeWorker(ground, config, doorbell, readiness));

  let http: HttpServer | null = null;
  if (roles.has('api')) {
    const acceptance = startAcceptance({
      db,
      keyring,
      tariff: tariffs.current,
      handoff: carrier?.sending.handoff ?? NO_HANDOFF,
      onQueued: () => {
        if (!carrier) doorbell.ring(QUEUE_CHANNEL);
      },
    });
    const authenticator = createAuthenticator(db, keyring);
    http = createHttpServer({
      db,
      keyring,
      log,
      authenticator,
      routes: routesOf({
        db,
        keyring,
        authenticator,
        acceptance,
        tariffs,
        readiness,
        fleet: carrier?.fleet ?? null,
        forget: (ids) => carrier?.sending.forget(ids),
        erasures: ground.erasureLog,
        metricsToken: config.metricsToken?.reveal(),
        simulator,
      }),
      trustedProxies: config.trustedProxies,
      requireHttps: config.production,
      bodyLimitBytes: config.bodyLimitBytes,
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

async function composeCarrier(
  { db, keyring }: Ground,
  config: Config,
  tariff: Parameters<typeof startSending>[0]['tariff'],
  doorbell: Doorbell,
): Promise<{ fleet: CarrierFleet; sending: Sending; components: Component[] }> {
  // Carriers need sinks, and the sinks' side needs the carriers: receipts wait until both stand.
  const made = Promise.withResolvers<Sending>();
  const receipts = startReceipts({
    db,
    keyring,
    isPending: (connectorId, id) => sending.outcomes.isPending(connectorId, id),
    settled: () => sending.outcomes.settled(),
    onMatched: (connectorId, form) => fleet.matched(connectorId, form),
    onCounted: (outcome, count) => receiptsCounted.add(count, { outcome }),
  });
  const inbound = createInboundSink(db, keyring);
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
        await inbound.receive(batch);
      },
    },
  });
  const sending = await startSending({ db, keyring, fleet, tariff, log, leaseMs: config.senderLeaseMs });
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

function composeWorker(
  { db, keyring }: Ground,
  config: Config,
  doorbell: Doorbell,
  readiness: Readiness,
): Component[] {
  const jobs = [
    ...maintenanceJobs,
    ...ledgerJobs,
    ...numbersJobs(keyring),
    ...messageJobs({ db, keyring, adoptEveryMs: Math.min(5_000, config.senderLeaseMs) }),
  ] as unknown as readonly AnyJob[];
  const runner = new JobRunner({ db, doorbell, jobs, concurrency: config.jobConcurrency });
  const outbox = new Outbox({ db, doorbell });
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
