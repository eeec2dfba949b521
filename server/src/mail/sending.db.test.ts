// Mails from the transaction that queues them to a real mail server.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { type AnyJob, JobRunner } from '#platform/jobs';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { object, processingUnder } from '#privacy/processing';
import { useDatabase } from '../../test/harness.ts';
import { mailExpiries } from './expiry.ts';
import { endMailsOf, mailLeave, queueMail } from './queue-mail.ts';
import { type SendMailOptions, sendMailHandler } from './send-mail.ts';
import { smtpServerOf, smtpTransport } from './smtp-transport.ts';
import { type MailServer, startMailServer } from './test/mail-server.ts';
import type { MailTransport } from './transport.ts';

describe('mail: sending', () => {
  const at = useDatabase();
  const LINK = 'https://sms.example.com/reset?token=quince-marmalade';
  const ADDRESS = 'heliotrope@example.org';
  const DECLARED: ReadonlySet<string> = new Set(['contact', 'security', 'support', 'marketing']);
  const FROM = { name: 'Example', address: 'no-reply@example.com' };
  let keyring: Keyring;
  let server: MailServer;
  let wanted: 'allowed' | 'no_consent' = 'allowed';
  const leave = mailLeave(DECLARED, { mayProcess: async () => wanted });

  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    server = await startMailServer();
  });
  after(() => server.close());
  beforeEach(() => {
    server.taken.length = 0;
    server.answers.length = 0;
    server.onMail = async () => undefined;
  });

  const overSmtp = () => smtpTransport(smtpServerOf(`smtp://127.0.0.1:${server.port}`), FROM);
  const runner = (change: Partial<SendMailOptions> = {}) =>
    new JobRunner({
      db: at.db,
      jobs: [
        sendMailHandler({
          keyring,
          transport: overSmtp(),
          service: 'Example',
          declared: DECLARED,
          leave,
          ...change,
        }),
      ] as unknown as readonly AnyJob[],
    });
  const run = (change?: Partial<SendMailOptions>) => runner(change).runDue();

  async function reset(tx: Tx, id = newId()): Promise<string> {
    const queued = await queueMail(tx, keyring, {
      to: ADDRESS,
      template: 'password_reset',
      locale: 'en',
      purpose: 'security',
      params: { link: LINK, minutes: 60 },
      subject: { kind: 'person', id },
    });
    assert.ok(queued.outcome === 'queued');
    return queued.id;
  }
  const queue = (id?: string) => at.db.batch((tx) => reset(tx, id));
  interface Row extends Record<string, unknown> {
    state: string;
    attempts: number;
    answer: number | null;
    address: Buffer | null;
    params: Buffer | null;
    row: string;
  }
  const rowOf = async (id: string): Promise<Row> =>
    (
      await at.sql<Row>(
        'select state, attempts, answer, address, params, o::text as row from mail.outbox o where id = $1',
        [id],
      )
    )[0]!;
  async function ends(id: string, state: string, attempts: number, answer: number | null) {
    const row = await rowOf(id);
    assert.deepEqual(
      [row.state, row.attempts, row.answer, row.address, row.params],
      [state, attempts, answer, null, null],
    );
  }
  const jobs = async () => (await at.sql<{ n: number }>('select count(*)::int as n from platform.job'))[0]!.n;

  test('a mail goes out once after the commit, and not at all after a rollback; what it held goes with it', async () => {
    await assert.rejects(
      at.db.batch(async (tx) => {
        await reset(tx);
        throw new Error('the caller thinks better of it');
      }),
      /thinks better/,
    );
    assert.deepEqual(await run(), []);
    const id = await queue();
    const waiting = await rowOf(id);
    const kept = `${waiting.row}${JSON.stringify(await at.sql('select j::text as row from platform.job j'))}`;
    assert.ok(kept.includes(id) && !/heliotrope|quince/.test(kept), 'neither address nor link is readable');
    assert.ok(!waiting.address!.includes('heliotrope') && !waiting.params!.includes('quince'));
    assert.deepEqual(await run(), ['finished']);
    assert.deepEqual(await run(), []);
    assert.equal(server.taken.length, 1);
    assert.deepEqual(server.taken[0]!.to, [ADDRESS]);
    assert.ok(server.taken[0]!.raw.includes(`Message-ID: <${id}@example.com>`));
    assert.match(server.taken[0]!.raw.replaceAll('=\r\n', ''), /token=3Dquince-marmalade/);
    await ends(id, 'sent', 1, 250);
  });

  test('what is refused for now goes out later, what is refused for good never, a dead server keeps nothing', async () => {
    const id = await queue();
    server.answers.push({ code: 451, at: 'rcpt' });
    assert.deepEqual(await run(), ['later']);
    const waiting = await rowOf(id);
    assert.deepEqual([waiting.state, waiting.attempts, waiting.answer], ['waiting', 1, 451]);
    assert.deepEqual(await run(), [], 'not at once');
    await at.advance(10_000);
    assert.deepEqual(await run(), ['finished']);
    assert.equal(server.taken.length, 1);
    await ends(id, 'sent', 2, 250);

    const refused = await queue();
    server.answers.push({ code: 550, at: 'data' });
    assert.deepEqual(await run(), ['finished']);
    await ends(refused, 'refused', 1, 550);

    const unlucky = await queue();
    const gone = await startMailServer();
    await gone.close();
    const transport = smtpTransport(smtpServerOf(`smtp://127.0.0.1:${gone.port}`), FROM);
    assert.deepEqual(await run({ transport }), ['later']);
    assert.deepEqual((await rowOf(unlucky)).attempts, 1);
    // A link that has run out is of no use: it is not sent, however the server comes back.
    await at.advance(3_600_000);
    assert.deepEqual(await run(), ['finished']);
    assert.equal(server.taken.length, 1);
    await ends(unlucky, 'expired', 1, null);
    assert.equal(await jobs(), 0);
  });

  test('without a mail server mails wait, and go out once there is one', async () => {
    const id = await queue();
    assert.deepEqual(await run({ transport: null }), ['later']);
    assert.deepEqual([(await rowOf(id)).state, (await rowOf(id)).attempts], ['waiting', 0]);
    await at.advance(60_000);
    assert.deepEqual(await run(), ['finished']);
    assert.equal(server.taken.length, 1);
  });

  test('the mail of a worker that falls asleep is sent by another, and the sleeper changes nothing any more', async () => {
    const id = await queue();
    const asleep = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const sleeping: MailTransport = {
      async send() {
        reached.resolve();
        await asleep.promise;
        return { outcome: 'refused', answer: 550 };
      },
    };
    const late = run({ transport: sleeping });
    await reached.promise;
    assert.deepEqual(await run(), [], 'nobody else has it while the lease holds');
    await at.advance(31_000);
    assert.deepEqual(await run(), ['finished']);
    asleep.resolve();
    assert.deepEqual(await late, ['lost']);
    assert.equal(server.taken.length, 1);
    await ends(id, 'sent', 1, 250);
  });

  test('a worker that dies between the answer and the commit leaves one copy more, under the same Message-ID', async () => {
    const id = await queue();
    const dying: MailTransport = {
      async send(letter, signal) {
        await overSmtp().send(letter, signal);
        throw new Error('dies here');
      },
    };
    assert.deepEqual(await run({ transport: dying }), ['retry']);
    await at.advance(10_000);
    assert.deepEqual(await run(), ['finished']);
    const ids = server.taken.map(({ raw }) => /^Message-ID: (.*)\r$/m.exec(raw)![1]);
    assert.deepEqual(ids, [`<${id}@example.com>`, `<${id}@example.com>`]);
  });

  test('nothing is sent for who was erased, and nothing queued', async () => {
    const [shredded, ended] = [newId(), newId()];
    const mails = [await queue(shredded), await queue(ended)] as const;
    await keyring.destroy([keyring.keyId({ class: 'identity', subjectId: shredded })]);
    await at.db.batch((tx) => endMailsOf(tx, [ended]));
    await at.db.batch((tx) => endMailsOf(tx, []));
    assert.deepEqual(await run(), ['finished', 'finished']);
    assert.equal(server.taken.length, 0);
    await ends(mails[0], 'dropped', 0, null);
    assert.equal(await rowOf(mails[1]), undefined);
    const again = await at.db.batch((tx) =>
      queueMail(tx, keyring, {
        to: ADDRESS,
        template: 'account_closed',
        locale: 'ar',
        purpose: 'service',
        params: {},
        subject: { kind: 'person', id: shredded },
      }),
    );
    assert.deepEqual(again, { outcome: 'gone' });
  });

  test('marketing goes to who wants it at both times, where the policy declares it, with a way to end it', async () => {
    const news = (by = leave) =>
      at.db.batch((tx) =>
        queueMail(tx, keyring, {
          ...NEWS,
          subject: { kind: 'workspace', id: newId() },
          leave: by,
        }),
      );
    const undeclared = mailLeave(new Set(['contact']), { mayProcess: async () => 'allowed' });
    assert.deepEqual(await news(undeclared), { outcome: 'not_allowed', verdict: 'undeclared' });
    wanted = 'no_consent';
    assert.deepEqual(await news(), { outcome: 'not_allowed', verdict: 'no_consent' });
    wanted = 'allowed';
    const [withdrawn, undone] = [await news(), await news()];
    assert.ok(withdrawn.outcome === 'queued' && undone.outcome === 'queued');
    wanted = 'no_consent';
    assert.deepEqual(await run(), ['finished', 'finished']);
    wanted = 'allowed';
    await ends(withdrawn.id, 'dropped', 0, null);
    const sent = await news();
    assert.ok(sent.outcome === 'queued');
    await run();
    assert.equal(server.taken.length, 1);
    assert.match(server.taken[0]!.raw, /^List-Unsubscribe: <https:/m);
  });

  test('an objection to marketing stops marketing, and no security mail', async () => {
    const id = newId();
    const bases = { marketing: 'legitimate_interest' } as const;
    const processing = processingUnder(bases, {
      isGiven: async () => false,
      optsOutOfSharing: async () => false,
    });
    await at.db.batch((tx) => object(tx, { kind: 'person', id }, 'marketing', bases));
    const refused = await at.db.batch((tx) =>
      queueMail(tx, keyring, {
        ...NEWS,
        subject: { kind: 'person', id },
        leave: mailLeave(DECLARED, processing),
      }),
    );
    assert.deepEqual(refused, { outcome: 'not_allowed', verdict: 'objected' });
    await queue(id);
    assert.deepEqual(await run(), ['finished']);
    assert.match(server.taken[0]!.raw, /^Subject: Choose a new password/m);
  });

  test('a purpose that the policy in force has no mail for is dropped; another template’s purpose is no purpose', async () => {
    const id = await queue();
    assert.deepEqual(await run({ declared: new Set(['contact']) }), ['finished']);
    await ends(id, 'dropped', 0, null);
    const wrong = { to: ADDRESS, locale: 'en', subject: { kind: 'person', id: newId() } } as const;
    await assert.rejects(
      at.db.batch((tx) =>
        queueMail(tx, keyring, {
          ...wrong,
          template: 'password_reset',
          purpose: 'marketing' as 'security',
          params: { link: LINK, minutes: 1 },
        }),
      ),
      /is not sent for marketing/,
    );
    await assert.rejects(
      at.db.batch((tx) =>
        queueMail(tx, keyring, {
          ...wrong,
          template: 'invitation',
          purpose: 'service',
          params: { workspace: 'x\r\nBcc: y@example.com', link: LINK, days: 1 },
        }),
      ),
      /workspace/,
    );
    const refused = await at.db.batch((tx) =>
      queueMail(tx, keyring, { ...wrong, to: `a@example.com\r\nBcc: b@example.com`, ...ACCOUNT_CLOSED }),
    );
    assert.deepEqual(refused, { outcome: 'bad_address', reason: 'malformed' });
    assert.equal(await jobs(), 0);
  });
  const NEWS = {
    to: ADDRESS,
    template: 'news',
    locale: 'en',
    purpose: 'marketing',
    params: { headline: 'New routes', text: 'We reach more countries.', unsubscribe: LINK },
  } as const;
  const ACCOUNT_CLOSED = { template: 'account_closed', purpose: 'service', params: {} } as const;

  test('where the policy holds no addresses, none can be queued', async () => {
    await at.sql('alter table mail.outbox add constraint never_address check (address is null) not valid');
    try {
      await assert.rejects(queue(), (error: Error & { code?: string }) => error.code === 'feature_off');
    } finally {
      await at.sql('alter table mail.outbox drop constraint never_address');
    }
  });

  test('a week after it was queued nothing says that a mail was sent, but for who is under a legal hold', async () => {
    await at.sql('delete from mail.outbox');
    const [held, other] = [newId(), newId()];
    const mails = [await queue(held), await queue(other)] as const;
    await run();
    const due = async () => ({
      now: (await at.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now,
      before: new Date(0),
      from: 'last_activity' as const,
      until: 'account_closed' as const,
      limit: 10,
      held: [held],
      progress: { after: null },
      onErased: async () => undefined,
    });
    const [expiry] = mailExpiries;
    const expire = async () => {
      const now = await due();
      return at.db.batch((tx) => expiry!.expire(tx, now));
    };
    const standing = async () => {
      const now = await due();
      return at.db.batch((tx) => expiry!.standing(tx, now));
    };
    await at.advance(7 * 86_400_000 - 5_000);
    assert.deepEqual(await expire(), { rows: 0, partitions: 0, more: false });
    await at.advance(6_000);
    assert.deepEqual([(await standing()).overdue, (await standing()).held], [1, 1]);
    assert.deepEqual(await expire(), { rows: 1, partitions: 0, more: false });
    assert.ok((await rowOf(mails[0])) && !(await rowOf(mails[1])));
  });
});
