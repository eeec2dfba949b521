// `sotto start`: from settings to a running process and back down.
import { join } from 'node:path';
import { decodeId } from '@sotto/contract';
import { type AbuseSettings, readAbuseSettings } from '#abuse';
import { createPasswordHasher, DEV_CREDENTIALS_FILE, seedDevelopment } from '#accounts';
import { seedDevelopmentNumber } from '#numbers';
import { paymentSettings } from '#payments';
import { monotonicMs, pause } from '#platform/clock';
import type { Config } from '#platform/config';
import { assertInvariant, Refusal } from '#platform/errors';
import { armFailpoints } from '#platform/failpoints';
import { Lifecycle } from '#platform/lifecycle';
import { configureLog, log, word } from '#platform/log';
import { collectProcessMetrics } from '#platform/metrics';
import type { Readiness } from '#platform/readiness';
import { compose } from './compose.ts';
import { openingTerms } from './compose-accounts.ts';
import { refuseForeignProxies } from './compose-telemetry.ts';
import type { ContentModes } from './content-modes.ts';
import { claimSimulator, makeDataDirectory } from './data-directory.ts';
import { type DemoCarrier, startDemoCarrier } from './demo-carrier.ts';
import { type DemoPayments, startDemoPayments } from './demo-payments.ts';
import { type Demo, ready, welcome } from './greeting.ts';
import { type Ground, openGround } from './ground.ts';
import { MAILS_PAGE } from './mailbox-routes.ts';
import { passGate } from './policy/boot-gate.ts';
import { checkTime } from './policy/check-time.ts';
import { featuresOf } from './policy/features.ts';
import { holdsOf } from './policy/holds.ts';
import { type PolicyFile, readPolicyFile } from './policy/policy-file.ts';
import { refuseUnpublished } from './policy/publishing.ts';
import { purposesOf } from './policy/purposes.ts';
import { today } from './policy/today.ts';
import { openSignalGate, type SignalGate } from './signal-gate.ts';

/** A start that is not ready after this long says what it waits for, and goes on waiting. */
const READY_LIMIT_MS = 15_000;
const READY_POLL_MS = 25;
const SEED_CHECK = 'development.seed';

/** Runs until a signal ends it. Resolves true when everything stopped in order. */
export async function start(
  config: Config,
  write: (line: string) => void,
  contentModes?: ContentModes,
): Promise<boolean> {
  configureLog({ level: config.logLevel });
  armFailpoints(config.failpoints ?? '');
  collectProcessMetrics();
  // Before anything is touched: a policy that cannot be run leaves the database as it was.
  const check = checkTime();
  const policy = await check.timed('reading', () =>
    readPolicyFile(config.policy, { production: config.production, today: today() }),
  );
  refuseForeignProxies(config, policy.policy);
  const abuse = await readAbuseSettings(config.abuseFile);
  makeDataDirectory(config.dataDir);
  const plays = config.simulator && config.roles.includes('carrier');
  // Before anything is touched: a second simulator would point the connector away from the first one's.
  const claim = plays ? claimSimulator(config.dataDir) : null;
  const signals = openSignalGate();
  let ground: Ground | undefined;
  try {
    const opened = await openGround(config, { purposes: purposesOf(policy.policy) });
    ground = opened;
    if (signals.isAsked()) return true;
    const { warnings } = await check.timed('comparing', () => passGate(opened, config, policy));
    check.publish();
    await refuseUnpublished(ground.db, policy, { today: today(), production: config.production });
    if (warnings.length > 0) log.info('policy.warned', { count: warnings.length });
    const carrier = plays ? await startDemoCarrier(ground.db, ground.keyring) : null;
    const takes = config.simulator && config.roles.includes('api');
    const payments = takes ? await startDemoPayments(paymentSettings(config), policy.policy) : null;
    const parts = { config, ground, policy, abuse, carrier, payments, signals, write, contentModes };
    const lifecycle = await assemble(parts);
    return await lifecycle.run();
  } catch (error) {
    throw isPortTaken(error) ? portTaken(config) : error;
  } finally {
    // The lifecycle has closed it in its order, or never began.
    await ground?.close();
    claim?.release();
    signals.close();
  }
}

interface Assembly {
  readonly config: Config;
  readonly ground: Ground;
  readonly policy: PolicyFile;
  readonly abuse: AbuseSettings;
  readonly carrier: DemoCarrier | null;
  readonly payments: DemoPayments | null;
  readonly signals: SignalGate;
  readonly write: (line: string) => void;
  readonly contentModes: ContentModes | undefined;
}

async function assemble(assembly: Assembly): Promise<Lifecycle> {
  const { config, ground, policy, abuse, carrier, payments, signals, write, contentModes } = assembly;
  const lifecycle = new Lifecycle({ drainLimitMs: config.drainTimeoutMs, signals });
  lifecycle.add({ name: 'ground', stop: () => ground.close() });
  if (carrier) lifecycle.add({ name: 'simulator', stop: () => carrier.smsc.stop() });
  if (payments) lifecycle.add({ name: 'demo_payments', stop: () => payments.stop() });
  const { components, http, readiness } = await compose({
    config,
    ground,
    policy,
    abuse,
    simulator: carrier?.smsc ?? null,
    ...(contentModes === undefined ? {} : { contentModes }),
    ...(payments === null ? {} : { paymentSettings: payments.settings }),
  });
  for (const component of components) lifecycle.add(component);
  const stopping = new AbortController();
  lifecycle.add({
    name: 'listener',
    async start() {
      // Scripts wait for /readyz and then read the credentials file: it must be there by then.
      if (config.seed) readiness.register(SEED_CHECK, () => 'the demo workspace is being made');
      const address = http ? await http.listen(config.host, config.port) : null;
      const baseUrl = config.publicUrl ?? address;
      if (address !== null) payments?.listen(address);
      const demo =
        config.seed && baseUrl !== null ? await seed(config, ground, policy, carrier, baseUrl) : null;
      readiness.unregister(SEED_CHECK);
      log.info('process.started', { role: word(config.roles.join('-')), mode: word(config.mode) });
      // Not awaited: what waits for a carrier must not keep a Ctrl-C waiting.
      void untilReady(readiness, READY_LIMIT_MS, stopping.signal).then((waitingFor) => {
        if (waitingFor === null) return;
        const where = baseUrl ?? `no address, as ${config.roles.join(', ')}`;
        for (const line of ready({ where, mode: config.mode, waitingFor })) write(line);
        if (demo) for (const line of welcome(demo)) write(line);
      });
    },
    stop: () => stopping.abort(),
  });
  return lifecycle;
}

/** The demo workspace, its keys, who signs in to it, and the number a simulated phone may write to. May be repeated. */
async function seed(
  config: Config,
  { db, keyring }: Ground,
  policy: PolicyFile,
  carrier: DemoCarrier | null,
  baseUrl: string,
): Promise<Demo> {
  const features = featuresOf(policy.policy);
  const credentials = await seedDevelopment(db, keyring, {
    dataDir: config.dataDir,
    baseUrl,
    named: holdsOf(policy.policy)('user.name'),
    person: features.has('email_accounts')
      ? { hasher: createPasswordHasher(), terms: openingTerms(config, policy) }
      : null,
  });
  const workspaceId = decodeId('wrk', credentials.workspace_id);
  assertInvariant(workspaceId !== null, 'the seed names its workspace');
  const number = carrier
    ? await seedDevelopmentNumber(db, { connectorId: carrier.connectorId, workspaceId })
    : null;
  const mailsHere = config.smtpUrl === undefined && config.roles.includes('worker');
  return {
    credentials,
    credentialsFile: join(config.dataDir, DEV_CREDENTIALS_FILE),
    mailsPage: mailsHere && features.has('email_accounts') ? MAILS_PAGE : null,
    number,
  };
}

/** What /readyz says once it says yes, or once the limit has passed: the reasons why not. Null when it stops first. */
async function untilReady(
  readiness: Readiness,
  limitMs: number,
  stopping: AbortSignal,
): Promise<string[] | null> {
  const until = monotonicMs() + limitMs;
  while (!stopping.aborted) {
    const { ready: isReady, checks } = await readiness.report();
    if (isReady) return [];
    if (monotonicMs() > until) {
      return checks.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`);
    }
    await pause(READY_POLL_MS, stopping).catch(() => undefined);
  }
  return null;
}

const isPortTaken = (error: unknown): error is Error =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

const portTaken = ({ host, port }: Config): Refusal =>
  new Refusal(`Port ${port} of ${host} is taken by another process.`, [
    `use another one: SOTTO_PORT=${port + 1} npm start`,
    'take any free one: SOTTO_PORT=0 npm start',
    'stop the other process',
  ]);
