import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLog } from '#platform/log';
import type { Category, Purpose } from '#privacy/data-map';
import { useDatabase } from '../../test/harness.ts';
import type { Forwarder } from './forward/forwarder.ts';
import {
  createTelemetry,
  endErrorReports,
  endUsage,
  PEOPLE_MIN,
  readErrorReports,
  readUsage,
  type TelemetryOptions,
  type TelemetryPermissions,
} from './telemetry.ts';
import type { UsageCount } from './usage-tally.ts';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const EVER = { first: '2020-01-01', last: '2099-12-31' };
const ALL: TelemetryPermissions = {
  isOn: () => true,
  allows: () => true,
  mayCount: () => true,
  mayForward: () => true,
};

describe('telemetry', () => {
  const database = useDatabase({ connections: 4 });
  const log = createLog({ level: 'silent' });
  const telemetry = (options: Partial<TelemetryOptions> = {}) =>
    createTelemetry({ db: database.db, log, permissions: ALL, ...options });
  const usage = () => database.db.batch((tx) => readUsage(tx, EVER));
  const reports = () => database.db.batch((tx) => readErrorReports(tx, EVER));
  const clear = () => database.sql('truncate telemetry.usage_count, telemetry.error_report');
  const rows = async () =>
    JSON.stringify([
      await database.sql('select u::text from telemetry.usage_count u'),
      await database.sql('select e::text from telemetry.error_report e'),
    ]);
  const use = (subject: string, over: object = {}) => ({
    feature: 'messages.get',
    page: '/v1/messages/{id}',
    userAgent: CHROME,
    subject,
    ...over,
  });
  const names = async () => (await usage()).map(({ kind, name, uses }) => `${kind} ${name} ${uses}`).sort();

  /** A forwarder that writes down what it is given. */
  function recording(takes: () => boolean = () => true) {
    const given: UsageCount[] = [];
    const forwarder: Forwarder = {
      takesUsage: takes,
      usage: async (counts) => {
        given.push(...counts);
      },
      errors: async () => undefined,
    };
    return { given, forwarder };
  }

  test('a process that was not told of a policy keeps nothing, whatever happens in it', async () => {
    const { given, forwarder } = recording();
    const quiet = createTelemetry({ db: database.db, log, forwarder });
    for (let person = 0; person < 50; person++) quiet.used(use(`person-${person}`));
    quiet.failed(new Error('x'));
    assert.equal(quiet.locate('203.0.113.7', 'fraud'), null);
    await quiet.flush();
    await quiet.stop();
    assert.deepEqual([await usage(), await reports(), given], [[], [], []]);
  });

  test('uses become counts of the day, of enough people, by the names of closed lists', async () => {
    await clear();
    const one = telemetry();
    for (let person = 0; person < PEOPLE_MIN; person++) one.used(use(`person-${person}`));
    one.used(use('person-1', { feature: 'messages.send', page: '/v1/messages' }));
    await one.flush();
    assert.deepEqual(await names(), [
      'browser chrome/131 6',
      'device desktop 6',
      'feature messages.get 5',
      'page /v1/messages/{id} 5',
      'system windows 6',
    ]);
    await one.stop();
    assert.equal((await names()).length, 5, 'the one who sent was too few, and is forgotten at the end');
  });

  test('two processes count into the same rows', async () => {
    await clear();
    const [one, other] = [telemetry(), telemetry()];
    for (let person = 0; person < PEOPLE_MIN; person++) {
      one!.used(use(`person-${person}`));
      other!.used(use(`person-${person}`));
    }
    await Promise.all([one!.stop(), other!.stop()]);
    const days = new Set((await usage()).map(({ day }) => day));
    assert.equal(days.size, 1);
    assert.ok((await names()).includes('feature messages.get 10'));
    assert.equal((await names()).length, 5);
  });

  test('what the policy does not list for the purpose is not counted', async () => {
    for (const [category, kinds] of [
      ['user.device', ['browser', 'device', 'system']],
      ['user.behavior.browsing_history', ['page']],
      ['user.location.imprecise', []],
    ] as const) {
      await clear();
      const allows = (asked: Category, purpose: Purpose) => asked === category && purpose === 'improve';
      const one = telemetry({ permissions: { ...ALL, allows } });
      for (let person = 0; person < PEOPLE_MIN; person++) one.used(use(`person-${person}`));
      await one.stop();
      assert.deepEqual(
        [...new Set((await usage()).map(({ kind }) => kind))].sort(),
        [...kinds, 'feature'].sort(),
        category,
      );
    }
  });

  test('concrete paths, queries, raw user agents and subjects reach no row', async () => {
    await clear();
    const one = telemetry();
    for (let person = 0; person < PEOPLE_MIN; person++) {
      one.used({
        feature: 'messages.get?to=canary-query',
        page: `/v1/messages/msg_canary${person}?to=%2B4915550001111`,
        userAgent: `Mozilla/5.0 (Windows; canary-agent) Chrome/131 Safari/1 canary-${person}`,
        subject: `198.51.100.${person}`,
      });
    }
    await one.stop();
    assert.deepEqual(
      (await names()).filter((name) => /feature|page/.test(name)),
      ['feature other 5', 'page other 5'],
    );
    assert.doesNotMatch(await rows(), /canary|4915550001111|198\.51\.100/);
  });

  test('an error is kept scrubbed, once for each day and fault, with how often it happened', async () => {
    await clear();
    const one = telemetry();
    for (let time = 0; time < 3; time++) {
      one.failed(new TypeError('canary: +4915550001111', { cause: new Error('ada@example.com') }));
      await one.flush();
    }
    one.failed(new RangeError('canary'));
    await one.stop();
    const found = (await reports()).sort((a, b) => b.times - a.times);
    assert.deepEqual(
      found.map(({ class: name, causes, times }) => [name, causes, times]),
      [
        ['TypeError', ['Error'], 3],
        ['RangeError', [], 1],
      ],
    );
    assert.match(found[0]!.frames[0]!, /^server\/src\/telemetry\/telemetry\.db\.test\.ts:\d+/);
    assert.doesNotMatch(await rows(), /canary|4915550001111|example\.com/);
  });

  test('what could not be stored is stored by the next flush, once', async () => {
    await clear();
    const one = telemetry();
    for (let person = 0; person < PEOPLE_MIN; person++) one.used(use(`person-${person}`));
    one.failed(new Error('x'));
    await database.sql('revoke insert on telemetry.error_report from sotto_batch');
    await assert.rejects(one.flush());
    assert.deepEqual([await usage(), await reports()], [[], []], 'both or neither');
    await database.sql('grant insert on telemetry.error_report to sotto_batch');
    await one.flush();
    await one.flush();
    assert.ok((await names()).includes('feature messages.get 5'));
    assert.deepEqual(
      (await reports()).map(({ times }) => times),
      [1],
    );
  });

  test('a feature that is switched off stops counting, and what is in memory is not stored any more', async () => {
    await clear();
    let on = true;
    const one = telemetry({ permissions: { ...ALL, isOn: () => on } });
    for (let person = 0; person < PEOPLE_MIN; person++) one.used(use(`person-${person}`));
    one.failed(new Error('x'));
    on = false;
    await one.stop();
    assert.deepEqual([await usage(), await reports()], [[], []]);
  });

  test('passed on is what people let us pass on, and of that only groups that are large without the others', async () => {
    await clear();
    const { given, forwarder } = recording();
    const asked: string[] = [];
    const one = telemetry({
      forwarder,
      permissions: {
        ...ALL,
        mayForward: async (subject, purpose) => {
          asked.push(purpose);
          if (subject === 'unknown') throw new Error('the register does not answer');
          return subject.startsWith('consenting');
        },
      },
    });
    for (let person = 0; person < PEOPLE_MIN; person++) {
      one.used(use(`consenting-${person}`));
      one.used(use(`other-${person}`, { feature: 'messages.list' }));
    }
    one.used(use('unknown'));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    await one.flush();
    assert.ok(asked.length > 10 && asked.every((purpose) => purpose === 'improve'));
    assert.ok(given.some(({ name, uses }) => name === 'messages.get' && uses === PEOPLE_MIN));
    assert.ok(!given.some(({ name }) => name === 'messages.list'), 'who does not consent is not passed on');
    assert.ok((await names()).includes('feature messages.list 5'), 'and counts here all the same');
  });

  test('counted is who lets us, also where the answer comes late; not knowing is no, and is said once', async () => {
    await clear();
    const said: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const one = telemetry({
      log: { ...log, warn: (name: string) => void said.push(name) } as typeof log,
      permissions: {
        ...ALL,
        mayCount: (subject) => {
          if (subject.startsWith('unknown')) return Promise.reject(new Error('the ledger does not answer'));
          return subject.startsWith('late') ? promise : subject.startsWith('yes');
        },
      },
    });
    for (let person = 0; person < PEOPLE_MIN; person++) {
      one.used(use(`late-${person}`));
      one.used(use(`no-${person}`, { feature: 'messages.list' }));
      one.used(use(`unknown-${person}`, { feature: 'messages.list' }));
    }
    const stopped = one.stop();
    resolve(true);
    await stopped;
    assert.ok(
      (await names()).includes(`feature messages.get ${PEOPLE_MIN}`),
      'stopping waits for the answer',
    );
    assert.ok(!(await names()).some((name) => name.includes('messages.list')));
    assert.deepEqual(said, ['telemetry.consent_unknown']);
  });

  test('a use that carries a privacy signal is passed on to nobody, and counts here', async () => {
    await clear();
    const { given, forwarder } = recording();
    const one = telemetry({ forwarder });
    for (let person = 0; person < PEOPLE_MIN; person++)
      one.used(use(`person-${person}`, { optsOutOfSale: true }));
    await one.stop();
    assert.deepEqual(given, []);
    assert.ok((await names()).includes(`feature messages.get ${PEOPLE_MIN}`));
  });

  test('a collector that never answers keeps neither the next flush nor the stop waiting', async () => {
    await clear();
    const forwarder: Forwarder = {
      takesUsage: () => true,
      usage: () => new Promise(() => undefined),
      errors: async () => undefined,
    };
    const one = telemetry({ forwarder });
    for (let person = 0; person < PEOPLE_MIN; person++) one.used(use(`person-${person}`));
    void one.flush();
    one.failed(new Error('x'));
    const started = performance.now();
    await one.stop(50);
    assert.ok(performance.now() - started < 2_000);
    assert.equal((await reports()).length, 1);
    assert.ok((await names()).includes('feature messages.get 5'));
  });

  test('where nobody collects, nobody is asked', async () => {
    let asked = 0;
    const { given, forwarder } = recording(() => false);
    const one = telemetry({
      forwarder,
      permissions: {
        ...ALL,
        mayForward: () => {
          asked += 1;
          return true;
        },
      },
    });
    for (let person = 0; person < PEOPLE_MIN; person++) one.used(use(`person-${person}`));
    await one.stop();
    assert.deepEqual([asked, given], [0, []]);
  });

  test('retention ends days that began at its bound or before, month by month and row by row, and no other', async () => {
    await clear();
    const days = ['2026-01-15', '2026-03-09', '2026-03-10', '2026-03-11'];
    const { storeErrors, storeUsage } = await import('./store.ts');
    await database.sql(`select platform.create_partitions('2026-01-15Z')`);
    await database.sql(`select platform.create_partitions('2026-03-15Z')`);
    await database.db.batch(async (tx) => {
      await storeUsage(
        tx,
        days.map((day) => ({ day, kind: 'device', name: 'phone', uses: 5 })),
      );
      await storeErrors(
        tx,
        days.map((day) => ({
          day,
          fingerprint: 'ab'.repeat(16),
          class: 'Error',
          code: null,
          frames: [],
          causes: [],
          times: 1,
        })),
      );
    });
    const before = new Date('2026-03-10T00:00:00Z');
    for (const end of [endUsage, endErrorReports]) {
      const first = await database.db.batch((tx) => end(tx, before, 1));
      assert.ok(first.partitions >= 1 && first.rows === 1 && first.more);
      const last = await database.db.batch((tx) => end(tx, before, 10));
      assert.deepEqual([last.partitions, last.rows, last.more], [0, 1, false]);
    }
    assert.deepEqual(
      (await usage()).map(({ day }) => day),
      ['2026-03-11'],
    );
    assert.deepEqual(
      (await reports()).map(({ day, frames, causes }) => [day, frames, causes]),
      [['2026-03-11', [], []]],
    );
  });
});
