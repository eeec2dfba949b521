import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Policy } from '../model.ts';
import { compile } from '../obligations/compile.ts';
import { readPolicy } from '../read-policy.ts';
import { GATE_CODES } from '../refusals.ts';
import { column, keeping } from '../test/facts.ts';
import { changed, PROFILES, profile, profileText, resolving } from '../test/policies.ts';
import { checkAgainst } from './check-against.ts';
import type { ColumnFact, ConfigFacts, Facts } from './facts.ts';

const standard = profile('standard');
const good = keeping(standard);

const withColumn = (over: Partial<ColumnFact>): Facts => ({
  ...good,
  columns: [...good.columns, column(over)],
});
const withConfig = (over: Partial<ConfigFacts>): Facts => ({ ...good, config: { ...good.config, ...over } });
const withCarrier = (over: Partial<Facts['carriers'][number]>): Facts => ({
  ...good,
  carriers: [{ ...good.carriers[0]!, ...over }],
});
const withEgress = (over: Partial<Facts['egress'][number]>): Facts => ({
  ...good,
  egress: [
    {
      name: 'hosting',
      purpose: 'security',
      hosts: [],
      fields: ['ip'],
      categories: ['user.device.ip_address'],
      ...over,
    },
  ],
});

/** Codes that were provoked; at the end all have to be. */
const provoked = new Set<string>();

function codes(facts: Facts, policy: Policy = standard): readonly string[] {
  return checkAgainst(policy, facts).map((refusal) => {
    provoked.add(refusal.code);
    return `${refusal.code} ${refusal.promise}${refusal.severity === 'warn' ? ' warn' : ''}`;
  });
}

/** The bad facts are refused so, and the neighbouring good ones pass. */
function judges(
  bad: Facts,
  expected: string | readonly string[],
  neighbour: Facts,
  policy: Policy = standard,
) {
  assert.deepEqual(codes(bad, policy), [expected].flat());
  assert.deepEqual(codes(neighbour, policy), []);
}

test('an installation that keeps a policy passes, for every profile', () => {
  for (const name of PROFILES) {
    const policy = profile(name);
    assert.deepEqual(codes(keeping(policy), policy), [], name);
  }
});

test('a category that is written and not listed is refused, unless its feature is off', () => {
  const phone = { category: 'user.contact.phone_number', feature: 'push_notices' } as const;
  const off = withColumn(phone);
  judges(withColumn(phone), 'E-UNDECLARED limit:user.contact.phone_number', {
    ...off,
    config: { ...off.config, features: { ...off.config.features, push_notices: false } },
  });
  assert.deepEqual(codes(withColumn({ category: 'system.operations', retention: 'connector' })), []);
});

test('a category that is listed and held nowhere is a warning, and a refusal where the policy is strict', () => {
  const without = { ...good, columns: good.columns.filter(({ category }) => category !== 'user.name') };
  const strict = changed(standard, ['policy', 'strictness'], 'refuse');
  judges(without, 'E-OVERDECLARED limit:user.name warn', good);
  judges(without, 'E-OVERDECLARED limit:user.name', good, strict);
});

test('a category promised never has no column that could be written', () => {
  const device = {
    category: 'user.device.device_id',
    table: 'accounts.device',
    column: 'token',
    feature: 'push_notices',
  } as const;
  judges(
    withColumn(device),
    'E-NEVER-COLUMN prohibit:user.device.device_id',
    withColumn({ ...device, nullGuard: true, liveValues: 0 }),
  );
});

test('a category promised never has no values, guarded or not', () => {
  const device = { category: 'user.device.device_id', nullGuard: true } as const;
  judges(
    withColumn({ ...device, liveValues: 3 }),
    'E-NEVER-PRESENT prohibit:user.device.device_id',
    withColumn({ ...device, liveValues: 0 }),
  );
  const [refusal] = checkAgainst(standard, withColumn({ ...device, liveValues: 3 }));
  assert.match(refusal!.fact, /^Rows with a value: 3, in accounts\.account\.name\.$/);
});

test('texts are not stored where the policy says none, nor longer than it says', () => {
  const none = changed(standard, ['messages', 'inbound', 'body', 'store'], 'none');
  judges(
    withConfig({ contentStored: { inbound: 'PT1H', outbound: 'P3D' } }),
    'E-BODY-STORE prohibit:body:inbound',
    withConfig({ contentStored: { outbound: 'P3D' } }),
    none,
  );
  judges(
    withConfig({ contentStored: { inbound: 'P4D', outbound: 'P3D' } }),
    'E-BODY-STORE bound:body:inbound',
    withConfig({ contentStored: { inbound: 'PT72H', outbound: 'P1D' } }),
  );
  judges(withConfig({ logBodies: true }), 'E-BODY-STORE limit:body:inbound', good);
});

test('columns of texts that are not stored need no declaration, those of stored ones do', () => {
  let silent = changed(standard, ['data', 'user.content.private.sms_body'], undefined);
  silent = changed(silent, ['messages', 'inbound', 'body', 'store'], 'none');
  const text = {
    category: 'user.content.private.sms_body',
    sealedUnder: 'content_inbound',
    retention: 'inbound_content',
    purposes: ['delivery'],
  } as const;
  const columns = good.columns.filter(({ category }) => category !== 'user.content.private.sms_body');
  const facts = {
    ...good,
    columns: [...columns, column(text)],
    config: { ...good.config, contentStored: {} },
  };
  assert.ok(!codes(facts, silent).some((line) => line.startsWith('E-UNDECLARED')));
  const stored = { ...facts, config: { ...facts.config, contentStored: { inbound: 'P1D' } } };
  assert.ok(codes(stored, silent).includes('E-UNDECLARED limit:user.content.private.sms_body'));
});

test('nothing is kept longer than promised, or under a rule that ends nothing', () => {
  const rule = (value: string | undefined) => {
    const { ip: _, ...others } = good.config.retention;
    return withConfig({ retention: value ? { ...others, ip: value } : others });
  };
  judges(rule('P1M'), 'E-RET-LONGER bound:ip', rule('P30D'));
  judges(rule(undefined), 'E-RET-LONGER bound:ip', rule('P1D'));
  judges(
    withColumn({ dispose: 'anonymise' }),
    'E-RET-LONGER bound:account',
    withColumn({ dispose: 'erase' }),
  );
});

test('a rule that the policy does not have keeps nothing, set or not', () => {
  const kyc = withColumn({ category: 'system.operations', retention: 'kyc' });
  const set = { ...kyc.config, retention: { ...kyc.config.retention, kyc: 'P1D' } };
  judges(
    kyc,
    'E-RET-LONGER bound:kyc',
    withColumn({ category: 'system.operations', retention: 'kyc', nullGuard: true }),
  );
  judges({ ...kyc, config: set }, 'E-RET-LONGER bound:kyc', { ...good, config: set });
});

test('a column is under a rule that its category names', () => {
  judges(
    withColumn({ retention: 'audit' }),
    'E-RET-LONGER limit:user.name',
    withColumn({ retention: 'account' }),
  );
});

test('numbers of texts that are not stored need no declaration either', () => {
  const silent = changed(
    changed(profile('device-app'), ['policy', 'id'], 'silent'),
    ['policy', 'strictness'],
    'degrade',
  );
  const facts = keeping(silent);
  const number = {
    category: 'user.contact.counterparty_number',
    retention: 'inbound_content',
    purposes: ['delivery'],
  } as const;
  const columns = [
    ...facts.columns,
    column({ ...number, column: 'sender', protection: 'sealed', sealedUnder: 'content_inbound' }),
    column({ ...number, column: 'sender_index', protection: 'indexed' }),
  ];
  assert.deepEqual(codes({ ...facts, columns }, silent), []);
  const stored = { ...facts, columns, config: { ...facts.config, contentStored: { inbound: 'PT1H' } } };
  assert.ok(codes(stored, silent).includes('E-UNDECLARED limit:user.contact.counterparty_number'));
});

test('backups of data and of keys are no older than promised', () => {
  judges(
    withConfig({ databaseBackupMaxAge: 'P15D' }),
    'E-BACKUP-OVERHANG bound:backup',
    withConfig({ databaseBackupMaxAge: 'P14D' }),
  );
  judges(
    withConfig({ keyBackupMaxAge: 'P8D' }),
    'E-BACKUP-OVERHANG bound:key_backup',
    withConfig({ keyBackupMaxAge: 'PT24H' }),
  );
  const old = {
    ...withConfig({ databaseBackupMaxAge: 'P31D' }),
    columns: [
      ...good.columns,
      column({ category: 'user.account.settings', purposes: ['service'], protection: 'clear' }),
    ],
  };
  judges(old, ['E-BACKUP-OVERHANG bound:backup', 'E-BACKUP-OVERHANG deadline:deletion'], {
    ...old,
    config: good.config,
  });
});

test('keys are not in the backups of what they seal', () => {
  judges(withConfig({ keysInsideBackup: true }), 'E-KEY-CUSTODY prohibit:keys_in_backups', good);
});

test('data leaves to nobody the policy does not name', () => {
  judges(withEgress({ name: 'word_counter' }), 'E-REC-UNDECLARED disclose:word_counter', withEgress({}));
  judges(withEgress({ name: 'constructor' }), 'E-REC-UNDECLARED disclose:constructor', good);
  const named = changed(standard, ['recipients', 'hosting', 'hosts'], ['a.example.com']);
  judges(
    withEgress({ hosts: ['a.example.com', 'b.example.com'] }),
    'E-REC-UNDECLARED disclose:hosting',
    withEgress({ hosts: ['a.example.com'] }),
    named,
  );
  judges(
    withEgress({ hosts: 'customer_endpoints' }),
    'E-REC-UNDECLARED disclose:hosting',
    withEgress({ hosts: [] }),
    named,
  );
  judges(
    withCarrier({ recipient: 'other' }),
    'E-REC-UNDECLARED disclose:other',
    withCarrier({ recipient: 'other', simulated: true }),
  );
  const host = changed(standard, ['recipients', 'carrier', 'hosts'], ['smpp.example.com']);
  judges(withCarrier({ host: 'smpp.example.net' }), 'E-REC-UNDECLARED disclose:carrier', good, host);
});

test('a recipient of a feature that is off is not called', () => {
  const features = { ...good.config.features, webhooks: false };
  const facts = withConfig({ features });
  assert.deepEqual(codes(facts), ['E-REC-UNDECLARED disclose:customer_endpoints']);
  const asleep = {
    ...facts,
    egress: facts.egress.map((fact) =>
      fact.name === 'customer_endpoints' ? { ...fact, feature: 'webhooks' as const } : fact,
    ),
  };
  assert.deepEqual(codes(asleep), []);
});

test('a recipient gets no category and serves no purpose beyond its list', () => {
  judges(
    withEgress({ categories: ['user.device.ip_address', 'user.name'] }),
    'E-REC-PAYLOAD disclose:hosting',
    withEgress({ categories: [] }),
  );
  judges(
    withEgress({ purpose: 'marketing' }),
    'E-PURPOSE disclose:hosting',
    withEgress({ purpose: 'operations' }),
  );
});

test('code uses data for the purposes and on the basis the policy gives', () => {
  judges(
    withColumn({ purposes: ['service', 'marketing'] }),
    'E-PURPOSE limit:user.name',
    withColumn({ purposes: ['support'] }),
  );
  judges(
    withColumn({ basis: 'legitimate_interest' }),
    'E-BASIS limit:user.name',
    withColumn({ basis: 'contract' }),
  );
  assert.deepEqual(
    codes(
      withColumn({
        category: 'user.financial.ledger_entry',
        retention: 'ledger',
        purposes: ['billing'],
        basis: 'contract',
      }),
    ),
    [],
  );
});

test('a carrier keeps content no longer than promised, or redacts it', () => {
  judges(
    withCarrier({ redactionOn: false, upstreamRetention: 'P13M' }),
    'E-UPSTREAM-RETENTION bound:upstream:carrier',
    withCarrier({ redactionOn: true, upstreamRetention: 'P13M' }),
  );
  const { upstreamRetention: _, ...unknown } = good.carriers[0]!;
  judges(
    { ...good, carriers: [{ ...unknown, redactionOn: false }] },
    'E-UPSTREAM-RETENTION bound:upstream:carrier',
    withCarrier({ redactionOn: false, upstreamRetention: 'P30D' }),
  );
});

test('every link that leaves this machine is encrypted', () => {
  judges(
    withConfig({ publicUrlHttps: false }),
    'E-TLS require:in_transit',
    withConfig({ publicUrlHttps: false, mode: 'development' }),
  );
  judges(
    withConfig({ databaseTls: false }),
    'E-TLS require:in_transit',
    withConfig({ databaseTls: false, databaseLoopback: true }),
  );
  judges(
    withCarrier({ tls: false }),
    'E-TLS require:in_transit',
    withCarrier({ tls: false, loopback: true }),
  );
});

test('a column promised encrypted is sealed, indexed or hashed', () => {
  judges(
    withColumn({ protection: 'clear' }),
    'E-REST require:at_rest',
    withColumn({ protection: 'indexed' }),
  );
  judges(
    withColumn({
      protection: 'clear',
      sealedUnder: 'identity',
      category: 'user.content.private',
      retention: 'message_content',
      purposes: ['service'],
    }),
    'E-REST require:at_rest',
    withColumn({ protection: 'clear', category: 'user.account.settings', purposes: ['service'] }),
  );
  const volume = changed(standard, ['security', 'at_rest', 'scheme'], 'volume');
  assert.deepEqual(codes(withColumn({ protection: 'clear' }), volume), []);
});

test('no cookie and no tracker is set that is not listed so', () => {
  const listed = changed(standard, ['cookies'], {
    promise: 'listed',
    list: [{ name: 'sid', purpose: 'security', essential: true, ttl: 'P1D' }],
    trackers: [],
  });
  judges(withConfig({ cookies: [{ name: 'sid', essential: true }] }), 'E-COOKIE prohibit:cookies', good);
  judges(
    withConfig({ cookies: [{ name: 'other', essential: true }] }),
    'E-COOKIE require:cookie:other',
    withConfig({ cookies: [{ name: 'sid', essential: true }] }),
    listed,
  );
  judges(
    withConfig({ cookies: [{ name: 'sid', essential: false }] }),
    'E-COOKIE require:cookie:sid',
    good,
    listed,
  );
  judges(withConfig({ trackers: ['counter'] }), 'E-COOKIE require:tracker:counter', good);
});

test('the age gate is the one that is promised, or stricter', () => {
  judges(
    withConfig({ age: { minAge: 16, gate: 'attestation' } }),
    'E-AGE gate:age',
    withConfig({ age: { minAge: 21, gate: 'attestation' } }),
  );
  judges(withConfig({ age: { minAge: 18, gate: 'none' } }), 'E-AGE gate:age', good);
  const open = changed(changed(standard, ['audience', 'min_age'], 0), ['audience', 'gate'], 'none');
  assert.deepEqual(codes(withConfig({ age: { minAge: 0, gate: 'none' } }), open), []);
});

test('every right that is offered is answered by code', () => {
  const without = { ...good, rightsHandled: good.rightsHandled.filter((right) => right !== 'restriction') };
  judges(without, 'E-RIGHT require:right:restriction', good);
  assert.deepEqual(codes(without, changed(standard, ['rights', 'restriction', 'offered'], false)), []);
});

test('the database has what the data map knows and nothing else', () => {
  const drifted = (unknownColumns: string[], missingColumns: string[]): Facts => ({
    ...good,
    schema: { unknownColumns, missingColumns },
  });
  judges(drifted(['accounts.account.nickname'], []), 'E-SCHEMA-DRIFT deadline:deletion', good);
  judges(drifted([], ['accounts.account.name']), 'E-SCHEMA-DRIFT deadline:deletion', good);
});

test('a refusal says the promise, the fact, three ways out and the line, and no long list', () => {
  const text = profileText('standard');
  const read = readPolicy(text, resolving());
  assert.ok(read.ok);
  const many = Array.from({ length: 40 }, (_, at) =>
    column({ table: 't', column: `c${at}`, category: 'user.location.precise' }),
  );
  const [refusal] = checkAgainst(read.policy, { ...good, columns: [...good.columns, ...many] }, read.locate);
  assert.equal(refusal?.waysOut.length, 3);
  assert.ok(refusal.sentence.endsWith('.') && refusal.waysOut.every((way) => way.endsWith('.')));
  assert.match(refusal.fact, /: 40, t\.c0, .*and 35 more\.$/);
  assert.equal(refusal.line, text.slice(0, text.indexOf('  user.location:')).split('\n').length);
});

test('a refusal quotes the page, and where the policy is silent says what silence means', () => {
  const [kept] = checkAgainst(standard, withConfig({ databaseBackupMaxAge: 'P15D' }));
  assert.match(kept!.sentence, /^Backups of our database are kept for 14 days at most/);
  const [silent] = checkAgainst(standard, withColumn({ category: 'user.contact.phone_number' }));
  assert.equal(silent!.sentence, 'We hold only what this policy lists.');
});

test('the promise of a refusal is an obligation of the policy wherever the policy speaks of it', () => {
  const ids = new Set(compile(standard).map(({ id }) => id));
  const broken: Facts = {
    ...withConfig({
      publicUrlHttps: false,
      keysInsideBackup: true,
      logBodies: true,
      databaseBackupMaxAge: 'P90D',
      cookies: [{ name: 'x', essential: true }],
      retention: {},
      age: { minAge: 1, gate: 'none' },
    }),
    rightsHandled: [],
    schema: { unknownColumns: ['a.b.c'], missingColumns: [] },
  };
  const refusals = checkAgainst(standard, broken);
  assert.ok(refusals.length > 20);
  for (const { promise } of refusals) assert.ok(ids.has(promise), promise);
});

test('every code of the gate was provoked here', () => {
  assert.deepEqual(
    Object.keys(GATE_CODES).filter((code) => !provoked.has(code)),
    [],
  );
});
