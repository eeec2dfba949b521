import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { settings } from './config/settings.ts';
import { type Environment, playsRole, readConfig, Secret, settingsTable } from './config.ts';
import { Refusal } from './errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-config-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const production: Environment = {
  SOTTO_MODE: 'production',
  SOTTO_PUBLIC_URL: 'https://sms.example.com',
  SOTTO_TRUSTED_PROXIES: '10.0.0.0/8',
  SOTTO_MASTER_KEY_FILE: file('master-key', 'ab'.repeat(32)),
};

function refusalOf(env: Environment): Refusal {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return error;
  }
  return assert.fail('the configuration was accepted');
}

test('an empty environment gives the documented defaults of development', () => {
  const config = readConfig({});
  assert.equal(config.mode, 'development');
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 3000);
  assert.equal(config.policy, 'standard');
  assert.equal(config.simulator, true);
  assert.equal(config.seed, true);
  assert.deepEqual(config.roles, ['api', 'worker', 'carrier']);
  assert.equal(config.databaseUrl, undefined);
  assert.ok(config.dataDir.endsWith('/.sotto') && config.keysDir.endsWith('/.sotto-keys'));
  assert.ok(config.masterKeyFile.startsWith('/') && !config.masterKeyFile.startsWith(config.keysDir));
});

test('an empty variable is an absent one', () => {
  assert.equal(readConfig({ SOTTO_PORT: '', SOTTO_DATABASE_URL: ' ' }).port, 3000);
});

test('a complete production environment is accepted, without simulator and seeds', () => {
  const config = readConfig(production);
  assert.equal(config.production, true);
  assert.equal(config.simulator, false);
  assert.equal(config.seed, false);
  assert.equal(config.publicUrl, 'https://sms.example.com');
  assert.deepEqual(config.trustedProxies, ['10.0.0.0/8']);
});

test('all faults are reported at once, each naming its variable and a way out', () => {
  const refusal = refusalOf({ SOTTO_PORT: '70000', SOTTO_MODE: 'staging', SOTTO_METRICS_TOKEN: 'short' });
  for (const variable of ['SOTTO_PORT', 'SOTTO_MODE', 'SOTTO_METRICS_TOKEN']) {
    assert.match(refusal.message, new RegExp(`^${variable} .+\\.$`, 'm'));
    assert.ok(refusal.waysOut.some((way) => way.startsWith(`${variable}: `)));
  }
});

test('no fault repeats the text it found, which may be a secret in the wrong variable (checklist 45)', () => {
  const misplaced = 'hunter2-hunter2-hunter2';
  for (const { variable } of Object.values(settings)) {
    try {
      readConfig({ [variable]: misplaced });
    } catch (error) {
      assert.ok(error instanceof Refusal, variable);
      assert.ok(!`${error.message}${error.waysOut.join()}`.includes(misplaced), variable);
    }
  }
});

test('settings of collectors are read whole, and refused by halves or in another form', () => {
  const dsn = `https://${'0a'.repeat(16)}@errors.example.com/7`;
  const read = readConfig({
    SOTTO_SENTRY_DSN: dsn,
    SOTTO_ANALYTICS_MEASUREMENT_ID: 'G-ABCD1234',
    SOTTO_ANALYTICS_API_SECRET: 'made-by-them',
    SOTTO_PROXY_RECIPIENT: 'cdn',
  });
  assert.equal(read.sentryDsn?.reveal(), dsn);
  assert.equal(read.analyticsMeasurementId, 'G-ABCD1234');
  assert.equal(read.proxyRecipient, 'cdn');
  assert.ok(!inspect(read, { depth: 5 }).includes('made-by-them'));
  const half = refusalOf({ SOTTO_FIREBASE_APP_ID: '1:123:android:abc', SOTTO_FIREBASE_API_SECRET: 'x' });
  assert.match(
    half.message,
    /^SOTTO_FIREBASE_APP_INSTANCE_ID is missing while SOTTO_FIREBASE_APP_ID is set\.$/,
  );
  for (const [variable, text] of [
    ['SOTTO_SENTRY_DSN', dsn.replace('https', 'http')],
    ['SOTTO_SENTRY_DSN', `${dsn}?x=1`],
    ['SOTTO_SENTRY_DSN', 'https://errors.example.com/7'],
    ['SOTTO_SENTRY_DSN', `https://${'0a'.repeat(16)}@errors.example.com/project`],
    ['SOTTO_PROXY_RECIPIENT', 'Our CDN'],
  ] as const)
    assert.match(refusalOf({ [variable]: text }).message, new RegExp(`^${variable} `), text);
});

const productionRefusals: readonly [string, string, Environment][] = [
  ['a public URL without https', 'SOTTO_PUBLIC_URL', { SOTTO_PUBLIC_URL: 'http://sms.example.com' }],
  ['no public URL', 'SOTTO_PUBLIC_URL', { SOTTO_PUBLIC_URL: undefined }],
  ['https that nothing can serve', 'SOTTO_TRUSTED_PROXIES', { SOTTO_TRUSTED_PROXIES: undefined }],
  ['the simulator', 'SOTTO_SIMULATOR', { SOTTO_SIMULATOR: 'true' }],
  ['seeds', 'SOTTO_SEED', { SOTTO_SEED: 'yes' }],
  ['failpoints', 'SOTTO_FAILPOINTS', { SOTTO_FAILPOINTS: 'submit.pre_commit=kill' }],
  ['unsafe durability', 'SOTTO_UNSAFE_DURABILITY', { SOTTO_UNSAFE_DURABILITY: '1' }],
  ['no master key file', 'SOTTO_MASTER_KEY_FILE', { SOTTO_MASTER_KEY_FILE: undefined }],
  ['a missing master key file', 'SOTTO_MASTER_KEY_FILE', { SOTTO_MASTER_KEY_FILE: join(folder, 'none') }],
  [
    'keys inside the data',
    'SOTTO_KEYS_DIR',
    { SOTTO_DATA_DIR: folder, SOTTO_KEYS_DIR: join(folder, 'keys') },
  ],
  [
    'data inside the keys',
    'SOTTO_KEYS_DIR',
    { SOTTO_KEYS_DIR: folder, SOTTO_DATA_DIR: join(folder, 'data') },
  ],
  [
    'keys on the cluster of the data',
    'SOTTO_KEYS_URL',
    {
      SOTTO_DATABASE_URL: 'postgresql://a:nQ7vT3xk@db.example.com/sotto',
      SOTTO_KEYS_URL: 'postgresql://b:zP2wR8ym@db.example.com:5432/keys',
    },
  ],
  [
    'a default database password',
    'SOTTO_DATABASE_URL',
    { SOTTO_DATABASE_URL: 'postgresql://sotto:postgres@db.example.com/sotto' },
  ],
  ['a placeholder token', 'SOTTO_METRICS_TOKEN', { SOTTO_METRICS_TOKEN: 'change-me-change-me-change-me' }],
];

for (const [what, variable, change] of productionRefusals) {
  test(`production refuses ${what}`, () => {
    const refusal = refusalOf({ ...production, ...change });
    assert.match(refusal.message, new RegExp(`^${variable} `));
    assert.equal(refusal.waysOut.length, 1);
  });
}

test('a secret comes from its file, and not from both places', () => {
  const url = 'postgresql://sotto:nQ7vT3xk@db.example.com/sotto';
  const path = file('database-url', `${url}\n`);
  assert.equal(readConfig({ SOTTO_DATABASE_URL_FILE: path }).databaseUrl?.reveal(), url);
  assert.match(refusalOf({ SOTTO_DATABASE_URL_FILE: path, SOTTO_DATABASE_URL: url }).message, /both set/);
  assert.match(refusalOf({ SOTTO_SMTP_URL_FILE: join(folder, 'none') }).message, /cannot be read \(ENOENT\)/);
  assert.match(refusalOf({ SOTTO_SMTP_URL_FILE: file('empty', ' \n') }).message, /empty file/);
});

test('a mail server is one address without a query, and comes with whom mail is from', () => {
  const SOTTO_SMTP_URL = 'smtp://user:nQ7vT3xk@mail.example.com:587';
  const { mailFrom } = readConfig({ SOTTO_SMTP_URL, SOTTO_MAIL_FROM: 'Example Ltd. <no-reply@example.com>' });
  assert.deepEqual(mailFrom, { name: 'Example Ltd.', address: 'no-reply@example.com' });
  assert.deepEqual(readConfig({ SOTTO_SMTP_URL, SOTTO_MAIL_FROM: 'a@example.com' }).mailFrom?.name, null);
  assert.match(refusalOf({ SOTTO_SMTP_URL }).message, /SOTTO_MAIL_FROM is missing/);
  assert.match(refusalOf({ SOTTO_MAIL_FROM: 'a@example.com' }).message, /SOTTO_SMTP_URL is missing/);
  for (const bad of [
    'smtp://mail.example.com/?tls.rejectUnauthorized=false',
    'smtp://mail.example.com?secure=false',
    'smtp://mail.example.com/path',
    'smtp:///',
    'http://mail.example.com',
  ])
    assert.match(
      refusalOf({ SOTTO_SMTP_URL: bad, SOTTO_MAIL_FROM: 'a@example.com' }).message,
      /SMTP_URL/,
      bad,
    );
  for (const bad of [
    'Example',
    'Example no-reply@example.com',
    '<a@example.com',
    'A <a@example.com>, <b@example.com>',
    'A\r\nBcc: b@example.com <a@example.com>',
    'A <a@example.com>\nBcc: b@example.com',
    '"A" <a@example.com>',
    `${'a'.repeat(65)}@example.com`,
  ])
    assert.match(refusalOf({ SOTTO_SMTP_URL, SOTTO_MAIL_FROM: bad }).message, /must be an address/, bad);
});

test('every secret setting has a file form, and only secrets are secrets', () => {
  for (const setting of Object.values(settings)) {
    const personal = /_URL$|_DSN$|_TOKEN$|_API_KEY$|ACCOUNT_KEY$|AUTHORIZATION$|PASSWORD|SECRET/.test(
      setting.variable,
    );
    assert.equal(setting.secret, personal && setting.variable !== 'SOTTO_PUBLIC_URL', setting.variable);
  }
});

test('a secret shows itself in no text, JSON or inspection (checklist 45)', () => {
  const secret = new Secret('nQ7vT3xk');
  for (const shown of [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })])
    assert.ok(!shown.includes('nQ7vT3xk'), shown);
});

test('a misspelt setting is refused with the nearest name, other programs’ variables are left alone', () => {
  const refusal = refusalOf({ SOTTO_PUBLC_URL: 'https://sms.example.com' });
  assert.match(refusal.waysOut[0]!, /did you mean SOTTO_PUBLIC_URL/);
  readConfig({ SOTTO_TEST_CLUSTER_URL: 'x', SOTTO_SWEEP: '3', SOTTO_SERVICE_HOST: '10.0.0.1', HOME: '/' });
});

test('the port Kubernetes invents for a service named sotto is explained', () => {
  assert.match(refusalOf({ SOTTO_PORT: 'tcp://10.0.0.1:80' }).waysOut[0]!, /enableServiceLinks/);
});

test('a certificate without its key is refused in every mode', () => {
  const certificate = file('cert.pem', 'x');
  assert.match(refusalOf({ SOTTO_TLS_CERT_FILE: certificate }).message, /^SOTTO_TLS_KEY_FILE is missing/);
});

test('a public URL with a path, query or credentials is refused', () => {
  for (const url of [
    'https://a.example.com/x',
    'https://u:p@a.example.com',
    'https://a.example.com/?q=1',
    'ftp://a',
  ])
    refusalOf({ SOTTO_PUBLIC_URL: url });
  assert.equal(readConfig({ SOTTO_PUBLIC_URL: 'https://a.example.com/' }).publicUrl, 'https://a.example.com');
});

test('the command line decides the roles before the environment', () => {
  const config = readConfig({ SOTTO_ROLE: 'api' }, { role: 'worker, carrier' });
  assert.deepEqual(config.roles, ['worker', 'carrier']);
  assert.equal(playsRole(config, 'api'), false);
  assert.match(refusalOf({ SOTTO_ROLE: 'api,boss' }).message, /^SOTTO_ROLE must list/);
  assert.match(refusalOf({ SOTTO_ROLE: ',' }).message, /^SOTTO_ROLE must list/);
});

test('the table has one row a setting, with meaning and default', () => {
  const rows = settingsTable().trim().split('\n').slice(2);
  assert.equal(rows.length, Object.keys(settings).length);
  for (const row of rows)
    assert.match(row, /^\| `SOTTO_[A-Z_]+`(?: or `SOTTO_[A-Z_]+_FILE`)? \| .{8,} \| .+ \|$/);
});
