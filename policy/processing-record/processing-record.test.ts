// Both records hold every field that GDPR Art. 30 asks for, follow the policy, and open in a spreadsheet as text.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Policy } from '../model.ts';
import { compile } from '../obligations/compile.ts';
import { anyPolicy, HOSTILE_TEXTS } from '../render/test/any-policy.ts';
import { SHIPPED, TODAY } from '../render/test/pages.ts';
import { changed, profile } from '../test/policies.ts';
import { FEATURE_KEYS, type Feature } from '../vocabulary/features.ts';
import { controllerRecord } from './controller-record.ts';
import { toCsv } from './csv.ts';
import { processorRecord } from './processor-record.ts';
import type { ControllerRecord, ProcessorRecord, ServedController } from './record.ts';
import { controllerCsv, processorCsv } from './record-csv.ts';
import { readCsv } from './test/read-csv.ts';

const standard = profile('standard');
const options = (on: readonly Feature[]) => ({
  isOn: (feature: Feature) => on.includes(feature),
  today: TODAY,
});
const controllerOf = (policy: Policy, on: readonly Feature[] = FEATURE_KEYS): ControllerRecord =>
  controllerRecord(policy, compile(policy), options(on));

const served: readonly ServedController[] = [
  {
    name: 'Example Bakery',
    contacts: ['office@bakery.example.com'],
    representative: null,
    data_protection_officer: 'dpo@bakery.example.com',
  },
  {
    name: 'Example School',
    contacts: ['1 Example Street'],
    representative: 'Example Representative',
    data_protection_officer: null,
    processing: ['sending'],
  },
];
const processorOf = (policy: Policy, on: readonly Feature[] = FEATURE_KEYS): ProcessorRecord | null =>
  processorRecord(policy, compile(policy), served, options(on));

describe('the record of a controller, of every shipped policy,', () => {
  for (const name of SHIPPED) {
    const policy = profile(name);
    const record = controllerOf(policy);

    test(`answers each point of Art. 30(1): ${name}`, () => {
      assert.ok(record.controller.name && record.controller.contacts.length > 0, '(a)');
      assert.ok(Array.isArray(record.joint_controllers), '(a)');
      assert.ok(record.activities.length >= 3);
      for (const activity of record.activities) {
        assert.ok(activity.purpose.means && activity.purpose.fideslang, '(b)');
        assert.match(activity.purpose.dpv, /^https:\/\/w3id\.org\/dpv#[A-Z][A-Za-z]+$/);
        assert.match(activity.basis.article, /^GDPR Art\. 6\(1\)\([a-f]\)$/);
        if (activity.basis.key === 'legitimate_interest') assert.ok(activity.basis.interest, activity.id);
        assert.ok(activity.subjects.length > 0 && activity.categories.length > 0, '(c)');
        for (const { mechanism, safeguards, country } of activity.transfers) {
          assert.ok(
            country.length === 2 && (mechanism === null || /GDPR Art\. 4[5-9]/.test(safeguards)),
            '(e)',
          );
        }
        assert.ok(activity.limits.length > 0, `(f) ${activity.id}`);
      }
      assert.ok(
        record.measures.length >= 5 && record.measures.every((measure) => measure.endsWith('.')),
        '(g)',
      );
    });

    test(`holds every category under every purpose, and every recipient that is on: ${name}`, () => {
      const recorded = new Set(
        record.activities.flatMap(({ purpose, categories }) =>
          categories.map(({ key }) => `${purpose.key} ${key}`),
        ),
      );
      for (const [category, said] of Object.entries(policy.data)) {
        if (said.collect === 'never' || category === 'system.operations') continue;
        for (const purpose of said.purposes)
          assert.ok(recorded.has(`${purpose} ${category}`), `${purpose} ${category}`);
      }
      const named = new Set(record.activities.flatMap(({ recipients }) => recipients.map(({ key }) => key)));
      for (const [key, { purposes }] of Object.entries(policy.recipients)) {
        const used = purposes.some((purpose) =>
          record.activities.some((activity) => activity.purpose.key === purpose),
        );
        if (used) assert.ok(named.has(key), key);
      }
    });

    test(`is JSON that reads back as it is: ${name}`, () => {
      assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
    });
  }

  test('gives the limit of each rule with event, ceiling and hold', () => {
    const billing = controllerOf(standard).activities.find(({ id }) => id === 'activity:billing')!;
    const ledger = billing.limits.find(({ rule }) => rule === 'ledger')!;
    assert.deepEqual(
      [ledger.duration, ledger.from, ledger.until, ledger.then, ledger.legal_hold],
      ['P72M', 'created', null, 'anonymise', true],
    );
    const account = billing.limits.find(({ rule }) => rule === 'account')!;
    assert.deepEqual([account.until, account.from], ['account_closed', 'last_activity']);
  });

  test('leaves out recipients and purposes that are off', () => {
    const record = controllerOf(standard, ['messages']);
    const text = JSON.stringify(record);
    assert.ok(!text.includes('mail_provider') && !text.includes('payment_provider'));
    assert.ok(!record.activities.some(({ id }) => id === 'activity:contact_feature'));
    assert.ok(text.includes('"carrier"'));
  });

  test('names joint controllers, representative and data protection officer', () => {
    const joint = changed(
      changed(
        changed(standard, ['recipients', 'hosting', 'role'], 'joint_controller'),
        ['controller', 'dpo'],
        'dpo@example.com',
      ),
      ['controller', 'eu_representative'],
      'Example Representative',
    );
    const record = controllerOf(joint);
    assert.deepEqual(
      record.joint_controllers.map(({ name }) => name),
      ['PLACEHOLDER hosting'],
    );
    assert.equal(record.controller.data_protection_officer, 'dpo@example.com');
    assert.equal(record.controller.representative, 'Example Representative');
  });
});

describe('the record of a processor', () => {
  test('of every shipped policy answers each point of Art. 30(2) where messages are sent for customers', () => {
    let found = 0;
    for (const name of SHIPPED) {
      const record = processorOf(profile(name));
      if (record === null) continue;
      found += 1;
      assert.ok(record.processor.name && record.processor.contacts.length > 0, '(a)');
      assert.equal(record.controllers.length, 2, '(a)');
      for (const controller of record.controllers)
        assert.ok(controller.name && controller.processing.length > 0, '(b)');
      for (const processing of record.processing) {
        assert.ok(processing.means && processing.categories.length > 0, '(b)');
        for (const { country, safeguards } of processing.transfers) assert.ok(country && safeguards, '(c)');
      }
      assert.ok(record.measures.length >= 5, '(d)');
      assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
    }
    assert.ok(found > 0);
  });

  test('lists for each customer what is done for it, and no more than is switched on', () => {
    const record = processorOf(standard, ['messages'])!;
    assert.deepEqual(
      record.controllers[0]!.processing,
      record.processing.map(({ key }) => key),
    );
    assert.deepEqual(record.controllers[1]!.processing, ['sending']);
    assert.ok(!record.processing.some(({ key }) => key === 'contacts'));
  });

  test('names as sub-processors who carries the texts of that direction', () => {
    const record = processorOf(standard)!;
    const of = (key: string) =>
      record.processing.find((each) => each.key === key)!.sub_processors.map(({ key }) => key);
    assert.deepEqual(of('sending'), ['carrier']);
    assert.deepEqual(of('receiving'), ['carrier', 'number_supplier']);
  });

  test('is none where nothing is done for others', () => {
    assert.equal(processorOf(standard, ['email_accounts']), null);
  });
});

describe('as CSV', () => {
  test('the records have a row for each activity, each as long as its head', () => {
    for (const name of SHIPPED) {
      const record = controllerOf(profile(name));
      const rows = readCsv(controllerCsv(record));
      assert.equal(rows.length, record.activities.length + 1);
      assert.equal(new Set(rows.map((row) => row.length)).size, 1);
      for (const letter of 'abcdefg')
        assert.ok(
          rows[0]!.some((head) => head.startsWith(`(${letter})`)),
          letter,
        );
      for (const row of rows.slice(1)) {
        for (const point of [
          '(a) Controller',
          '(b)',
          '(c) Categories of people',
          '(c) Categories of data',
          '(f)',
          '(g)',
        ]) {
          const column = rows[0]!.findIndex((head) => head.startsWith(point));
          assert.notEqual(row[column], '', `${name} ${row[0]} ${point}`);
        }
      }
    }
  });

  test('the record of a processor has a row for each customer and processing', () => {
    const record = processorOf(standard)!;
    const rows = readCsv(processorCsv(record));
    const pairs = record.controllers.reduce((sum, { processing }) => sum + processing.length, 0);
    assert.equal(rows.length, pairs + 1);
    assert.ok(
      rows.some((row) => row[1]!.includes('Example School') && row[1]!.includes('Example Representative')),
    );
    assert.ok(rows.some((row) => row[1]!.includes('data protection officer: dpo@bakery.example.com')));
  });

  test('cells are quoted by RFC 4180 and read back as they were', () => {
    assert.equal(toCsv([['a', 'b,c', 'd"e', ' f']]), 'a,"b,c","d""e"," f"\r\n');
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.stringMatching(/^[a-z ,";é]{0,12}$/), { minLength: 2, maxLength: 2 })),
        (rows) => {
          assert.deepEqual(readCsv(toCsv(rows)), rows);
        },
      ),
    );
  });

  test('no cell is a formula, whatever it begins with', () => {
    for (const text of ['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '\r=1', '\n=1', '＝1', '"=1"']) {
      const [[cell]] = readCsv(toCsv([[text, 'x']])) as [[string]];
      assert.doesNotMatch(cell, /^[\s\p{Cc}]*[=+\-@＝]/u, JSON.stringify(text));
    }
    const hostile = changed(standard, ['controller', 'name'], '=HYPERLINK("https://example.com","x")');
    assert.ok(controllerCsv(controllerOf(hostile)).includes(`"'=HYPERLINK(""https://example.com"",""x"")`));
  });

  test('of any policy no cell spans lines or is a formula', () => {
    fc.assert(
      fc.property(anyPolicy, ({ policy, on }) => {
        const hostile = HOSTILE_TEXTS.map((name) => ({ ...served[0]!, name }));
        const record = processorRecord(policy, compile(policy), hostile, options(on));
        const tables = [controllerCsv(controllerOf(policy, on)), ...(record ? [processorCsv(record)] : [])];
        for (const table of tables) {
          const rows = readCsv(table);
          assert.equal(new Set(rows.map((row) => row.length)).size, 1);
          assert.equal(table.split('\r\n').length, rows.length + 1);
          for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[\s\p{Cc}]*[=+\-@]|[\r\n]/u);
        }
      }),
      { numRuns: 30 },
    );
  });
});
