// What this installation is and does, gathered for the gate: the data map, the live schema, the carriers, the
// configuration. Names and counts; no value of anybody is read.
import { isIP } from 'node:net';
import type { CarrierFact, ColumnFact, ConfigFacts, Facts, Policy } from '@sotto/policy';
import type { Feature } from '@sotto/policy/vocabulary/features';
import type pg from 'pg';
import { listConnectors, type StoredConnector } from '#carriers';
import { mailPurposes, mailRecipients, smtpServerOf } from '#mail';
import { paymentRecipients, paymentSettings } from '#payments';
import type { Config } from '#platform/config';
import type { Keyring } from '#privacy';
import { compareWithCatalog, countValues, readGuards, readLiveCatalog } from '#privacy/data-map';
import { limitsOf, retentionFacts } from '#privacy/retention';
import { forwardSettings, telemetryRecipients } from '#telemetry';
import { dataMap } from '../data-map.ts';
import { expiryHandlers } from '../expiry-handlers.ts';
import type { Ground } from '../ground.ts';
import { columnFacts } from './column-facts.ts';
import { featuresOf } from './features.ts';
import { HANDLED_RIGHTS } from './handled-rights.ts';
import { sessionCookieOf } from './session-cookie.ts';
import { telemetryPermissions } from './telemetry-permissions.ts';
import { today } from './today.ts';

/** Holds the list of migrations and nothing of the product. */
export const MACHINERY_SCHEMAS: readonly string[] = ['sotto_migrations'];
/** A policy names its carriers under this key of `recipients`. */
const CARRIER_RECIPIENT = 'carrier';

/** Gathers every fact. `owner` is connected as the owner of the database. */
export async function installationFacts(
  owner: pg.Client,
  ground: Pick<Ground, 'db' | 'keyring'>,
  config: Config,
  policy: Policy,
  ignoredSchemas: readonly string[],
): Promise<Facts> {
  const differences = compareWithCatalog(dataMap, await readLiveCatalog(owner, ignoredSchemas));
  const features = featuresOf(policy);
  const missing = differences.filter((sentence) => sentence.endsWith('does not exist'));
  return {
    columns: await countedColumns(owner, policy),
    egress: [
      ...telemetryRecipients(forwardSettings(config), telemetryPermissions(policy, features)),
      ...paymentRecipients(paymentSettings(config), (feature) =>
        (features as ReadonlySet<string>).has(feature),
      ),
      ...mailRecipients(
        config.smtpUrl === undefined ? null : smtpServerOf(config.smtpUrl.reveal()),
        mailPurposes(policy),
      ),
    ],
    carriers: (await allConnectors(ground)).map((connector) => carrierFact(connector, config)),
    config: configFacts(owner, ground.keyring, config, policy),
    rightsHandled: HANDLED_RIGHTS,
    today: today(),
    schema: {
      unknownColumns: differences.filter((sentence) => !missing.includes(sentence)),
      missingColumns: missing,
    },
  };
}

/** Values are counted only where the policy promises that there are none. */
async function countedColumns(owner: pg.ClientBase, policy: Policy): Promise<ColumnFact[]> {
  const guards = await readGuards(owner);
  const facts: ColumnFact[] = [];
  for (const fact of columnFacts(dataMap, policy)) {
    const promisedNever = policy.data[fact.category]?.collect === 'never';
    facts.push({
      ...fact,
      nullGuard: guards.has(`${fact.table}.${fact.column}`),
      ...(promisedNever ? { liveValues: await countValues(owner, fact) } : {}),
    });
  }
  return facts;
}

async function allConnectors({ db }: Pick<Ground, 'db'>): Promise<StoredConnector[]> {
  const all: StoredConnector[] = [];
  for (let before: string | null = null; ; ) {
    const page: StoredConnector[] = await listConnectors({ db }, { before });
    all.push(...page);
    if (page.length === 0) return all;
    before = page.at(-1)!.id;
  }
}

function carrierFact({ settings }: StoredConnector, config: Config): CarrierFact {
  const { name, host, tls, upstreamRetentionDays } = settings;
  const loopback = isLoopbackHost(host);
  return {
    id: name,
    recipient: CARRIER_RECIPIENT,
    host,
    tls: tls !== 'off',
    loopback,
    simulated: config.simulator && loopback,
    ...(upstreamRetentionDays === null
      ? {}
      : { upstreamRetention: `P${Math.max(1, upstreamRetentionDays)}D` }),
  };
}

const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' ||
  (isIP(host) === 4 && host.startsWith('127.')) ||
  (isIP(host) === 6 && ['::1', '0:0:0:0:0:0:0:1'].includes(host.toLowerCase()));

function configFacts(owner: pg.Client, keyring: Keyring, config: Config, policy: Policy): ConfigFacts {
  const features = featuresOf(policy);
  const limits = limitsOf(policy);
  const stored = (feature: Feature, key: 'inbound_content' | 'message_content') =>
    features.has(feature) ? limits.get(key)?.duration : undefined;
  const [inbound, outbound] = [
    stored('stored_inbound', 'inbound_content'),
    stored('messages', 'message_content'),
  ];
  return {
    mode: config.mode,
    publicUrlHttps: config.tlsCertFile !== undefined || (config.publicUrl?.startsWith('https:') ?? false),
    ...databaseLink(owner),
    // The ground was refused before if they did: see `refuseSharedCustody` and `refuseUnfitKeyCluster`.
    keysInsideBackup: false,
    retention: retentionFacts(dataMap, expiryHandlers(keyring), limits),
    contentStored: {
      ...(inbound === undefined ? {} : { inbound }),
      ...(outbound === undefined ? {} : { outbound }),
    },
    // No log line has a field for a text, and a test reads every line for one.
    logBodies: false,
    cookies: [sessionCookieOf(policy)].flatMap((cookie) =>
      cookie === null ? [] : [{ name: cookie.name, essential: true }],
    ),
    trackers: [],
    age: { minAge: policy.audience.min_age, gate: policy.audience.gate },
    features: Object.fromEntries([...features].map((feature) => [feature, true])),
  };
}

/** Whether the way to the database leaves this machine, and encrypted, as this connection itself has it. */
const databaseLink = ({ host, ssl }: pg.Client): Pick<ConfigFacts, 'databaseTls' | 'databaseLoopback'> => ({
  databaseTls: Boolean(ssl),
  databaseLoopback: host === '' || host.startsWith('/') || isLoopbackHost(host),
});
