// Mails over real sockets, from a client of the field and from one that keeps to no rule.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import nodemailer from 'nodemailer';
import { log } from '#platform/log';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../../test/harness.ts';
import { selfSigned } from '../../privacy/egress/test/self-signed.ts';
import { mailExpiries } from '../expiry.ts';
import type { InboundMail, MailSink, Sunk } from './mail-sink.ts';
import { type SmtpListener, type SmtpListenerOptions, smtpListener } from './smtp-listener.ts';

describe('mail: inbound', () => {
  const at = useDatabase();
  const DAY_MS = 86_400_000;
  const DOMAIN = 'help.example.com';
  const HELP = `support@${DOMAIN}`;
  const taken: InboundMail[] = [];
  let sunk: () => Promise<Sunk> = async () => 'taken';
  const sink: MailSink = {
    takes: ({ name, domain }) => name === 'support' && domain === DOMAIN,
    async take(_tx, mail) {
      const outcome = await sunk();
      if (outcome === 'taken') taken.push(mail);
      return outcome;
    },
  };
  let keyring: Keyring;
  let port = 0;
  const listeners: SmtpListener[] = [];

  async function listen(change: Partial<SmtpListenerOptions> = {}): Promise<number> {
    const listener = smtpListener({
      // Asked for when there is a mail: hooks of a file do not wait for each other.
      db: { batch: (...given: Parameters<typeof at.db.batch>) => at.db.batch(...given) } as typeof at.db,
      keyring,
      log,
      host: '127.0.0.1',
      port: 0,
      name: DOMAIN,
      sinks: [sink],
      ours: ['no-reply@example.com'],
      prefixOf: (address) => address,
      ...change,
      bounds: { perSender: { burst: 1_000, everyMs: 1 }, connectionsOfAddress: 40, ...change.bounds },
    });
    listeners.push(listener);
    return (await listener.start()).port;
  }

  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    port = await listen();
  });
  after(async () => {
    await Promise.all(listeners.map((listener) => listener.stop()));
  });

  async function send(message: object = {}, to = port, options: object = {}): Promise<number> {
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: to,
      ignoreTLS: true,
      ...options,
    });
    try {
      const whole = { from: 'someone@example.org', to: HELP, subject: 'Help', text: 'It does not work.' };
      const { response } = await transport.sendMail({ ...whole, ...message });
      return Number.parseInt(response, 10);
    } catch (error) {
      return (error as { responseCode?: number }).responseCode ?? 0;
    } finally {
      transport.close();
    }
  }

  /** Says lines, each after the answer to the one before; answers the codes. */
  async function say(lines: readonly (string | Buffer)[], to = port): Promise<number[]> {
    const socket = connect(to, '127.0.0.1').on('error', () => undefined);
    const codes: number[] = [];
    const waiting = [...lines];
    let text = '';
    for await (const chunk of socket) {
      text += chunk;
      let end = text.indexOf('\r\n');
      for (; end !== -1; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (line[3] === '-') continue;
        codes.push(Number.parseInt(line, 10));
        const next = waiting.shift();
        if (next === undefined) socket.end();
        else socket.write(next);
      }
    }
    return codes;
  }
  const envelope = (to = HELP) => [
    'EHLO client.example.org\r\n',
    'MAIL FROM:<someone@example.org>\r\n',
    `RCPT TO:<${to}>\r\n`,
    'DATA\r\n',
  ];
  const data = async (body: string | Buffer) => (await say([...envelope(), body])).at(-1);
  const mailsSince = (count: number) => taken.slice(count);
  const arrivals = async () =>
    Number((await at.sql<{ count: string }>('select count(*) from mail.arrival'))[0]!.count);

  test('a mail for a sink is taken with its words, its sender of the envelope and the tag, and 250 comes after the commit', async () => {
    const before = taken.length;
    let committed = -1;
    sunk = async () => {
      committed = await arrivals();
      return 'taken';
    };
    const known = await arrivals();
    assert.equal(
      await send({
        from: '"The bank" <boss@bank.example>',
        envelope: { from: 'Someone@Example.ORG', to: `Support+AbC@${DOMAIN}` },
        attachments: [{ filename: 'a.png', content: Buffer.alloc(100) }],
      }),
      250,
    );
    sunk = async () => 'taken';
    assert.deepEqual([committed, await arrivals()], [known, known + 1], 'not visible before, there after');
    const [mail] = mailsSince(before);
    assert.deepEqual(
      [mail?.sender, mail?.to, mail?.subject, mail?.text, mail?.attachments],
      [
        'Someone@example.org',
        { name: 'support', tag: 'abc', domain: DOMAIN },
        'Help',
        'It does not work.',
        1,
      ],
    );
  });

  test('a mail for nobody here is refused before it is sent, and nothing is relayed', async () => {
    const before = taken.length;
    for (const to of [`nobody@${DOMAIN}`, 'support@other.example.com', 'someone@example.org'])
      assert.equal(await send({ to }), 550, to);
    assert.equal(
      await send({ envelope: { from: 'root@[192.0.2.1]', to: HELP } }),
      550,
      'no answer goes there',
    );
    assert.deepEqual(
      (await say(['EHLO a\r\n', 'AUTH PLAIN AGEAYg==\r\n', 'VRFY <a@b.example>\r\n'])).slice(2),
      [500, 252],
    );
    assert.equal(taken.length, before);
  });

  test('a mail that is sent again is taken once, also by two at once; one that says something else is another', async () => {
    const before = taken.length;
    const message = { messageId: '<again@example.org>', date: new Date(0) };
    assert.deepEqual(await Promise.all([send(message), send(message), send(message)]), [250, 250, 250]);
    assert.equal(await send(message), 250);
    assert.equal(mailsSince(before).length, 1);
    assert.equal(await send({ ...message, text: 'It works now.' }), 250);
    assert.equal(mailsSince(before).length, 2, 'nobody silences another by using their Message-ID first');
  });

  test('what is known of a mail that was taken is gone when the policy ends what it knows of requests', async () => {
    await send({ messageId: '<old@example.org>' });
    const handler = mailExpiries.find(({ table }) => table === 'mail.arrival')!;
    const due = async (ms: number) => ({ before: new Date(Date.now() + ms), limit: 100 }) as never;
    const count = await arrivals();
    assert.equal((await at.db.batch(async (tx) => handler.expire(tx, await due(-DAY_MS)))).rows, 0);
    assert.equal((await at.db.batch(async (tx) => handler.expire(tx, await due(DAY_MS)))).rows, count);
    assert.equal(await arrivals(), 0);
  });

  test('mails of machines, bounces and mails of our own are dropped without an answer', async () => {
    const before = taken.length;
    const heads = [
      { 'Auto-Submitted': 'auto-replied' },
      { Precedence: 'bulk' },
      { 'List-Id': '<list.example.org>' },
    ];
    for (const headers of heads) assert.equal(await send({ headers }), 250);
    assert.equal(await send({ envelope: { from: '', to: HELP } }), 250);
    assert.equal(await send({ envelope: { from: 'no-reply@example.com', to: HELP } }), 250);
    assert.equal(taken.length, before);
  });

  test('without room, and after a fault of ours, the sender is told to try again, and trying again succeeds', async () => {
    const before = taken.length;
    const message = { messageId: '<later@example.org>' };
    sunk = async () => 'later';
    assert.equal(await send(message), 451);
    sunk = () => Promise.reject(new Error('a fault'));
    assert.equal(await send(message), 451);
    sunk = async () => 'taken';
    assert.equal(await send(message), 250);
    assert.equal(mailsSince(before).length, 1);
  });

  test('one mail cannot be made to look like two: the end of data is CRLF . CRLF alone', async () => {
    const before = taken.length;
    const second =
      'MAIL FROM:<admin@example.com>\r\nRCPT TO:<support@help.example.com>\r\nDATA\r\nfake\r\n.\r\n';
    for (const end of ['\n.\n', '\n.\r\n', '\r.\r', '\r.\r\n', '\r\n.\n', '\r\n.\r', '\0\n.\n']) {
      const codes = await say([...envelope(), `Subject: a\r\n\r\nhello${end}${second}`]);
      assert.deepEqual(codes.slice(4, 6), [354, 554], JSON.stringify(end));
      assert.equal(codes.filter((code) => code === 250).length, 3, 'what stood in the data is no command');
    }
    assert.equal(taken.length, before);
  });

  test('a dot that was doubled on the way is one again, and NULs are gone', async () => {
    assert.equal(await data('Subject: dots\r\n\r\n..one\r\n..\r\nt\0wo\r\n.\r\n'), 250);
    assert.equal(taken.at(-1)?.text, '.one\n.\ntwo');
  });

  test('what is too large, too deep or cut short is refused, and the listener goes on', async () => {
    const before = taken.length;
    const ten = Buffer.concat([
      Buffer.from('Subject: a\r\n\r\n'),
      Buffer.alloc(10_000_000, 'x\r\n'),
      Buffer.from('\r\n.\r\n'),
    ]);
    assert.ok([552, 354].includes((await data(ten)) ?? 0), 'answered, or hung up on');
    const three = Buffer.concat([
      Buffer.from('Subject: a\r\n\r\n'),
      Buffer.alloc(3_000_000, 'x'),
      Buffer.from('\r\n.\r\n'),
    ]);
    assert.equal(await data(three), 552);
    const nested = Array.from(
      { length: 100 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    );
    assert.equal(await data(`${nested.join('')}\r\n.\r\n`), 554);
    assert.equal(await data(`Subject: ${'a'.repeat(1_000_000)}\r\n\r\nx\r\n.\r\n`), 554);
    const cut = connect(port, '127.0.0.1');
    cut.write(envelope().join(''));
    cut.end('Subject: cut');
    cut.resume();
    await new Promise((resolve) => cut.on('close', resolve));
    assert.equal(taken.length, before);
    assert.equal(await send(), 250);
  });

  test('octets at random end a connection and nothing else', async () => {
    for (let round = 0; round < 20; round++) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.resume();
      await new Promise((resolve) => socket.once('data', resolve));
      socket.end(crypto.getRandomValues(Buffer.alloc(2_000)));
      await new Promise((resolve) => socket.on('close', resolve));
    }
    assert.equal(await send(), 250);
  });

  test('recipients, commands, connections and mails are bounded', async () => {
    const bounded = await listen({
      bounds: {
        recipients: 2,
        commands: 20,
        connectionsOfAddress: 2,
        perAddress: { burst: 3, everyMs: 1_000_000 },
        perSender: { burst: 2, everyMs: 1_000_000 },
      },
    });
    const to = (tag: string) => `RCPT TO:<support+${tag}@${DOMAIN}>\r\n`;
    const codes = await say([...envelope().slice(0, 2), to('a'), to('b'), to('c')], bounded);
    assert.deepEqual(codes.slice(3), [250, 250, 452]);
    const noops = await say(
      Array.from({ length: 100 }, () => 'NOOP\r\n'),
      bounded,
    );
    assert.ok(noops.length < 25, `${noops.length} answers`);
    assert.deepEqual([await send({}, bounded), await send({ text: 'b' }, bounded)], [250, 250]);
    assert.equal(await send({ text: 'c' }, bounded), 451, 'of one sender');
    assert.equal(await send({ from: 'another@example.org' }, bounded), 451, 'of one network address');
    const idle = [connect(bounded, '127.0.0.1'), connect(bounded, '127.0.0.1')];
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('data', resolve))));
    assert.deepEqual(await say([], bounded), [421]);
    for (const socket of idle) socket.destroy();
  });

  test('STARTTLS is offered with the certificate of the installation, and without one not at all', async () => {
    const made = selfSigned('localhost');
    const tls = { key: Buffer.from(made.key), cert: Buffer.from(made.cert) };
    const secure = await listen({ tls });
    const required = { requireTLS: true, ignoreTLS: false };
    assert.equal(
      await send({}, secure, { ...required, tls: { ca: tls.cert, servername: 'localhost' } }),
      250,
    );
    assert.equal(await send({ text: 'in clear' }, secure), 250, 'a server without TLS is heard as well');
    assert.equal(await send({}, port, required), 500);
  });
});
