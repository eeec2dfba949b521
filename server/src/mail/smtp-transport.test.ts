import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import nodemailer from 'nodemailer';
import {
  connectionOptions,
  messageOf,
  smtpServerOf,
  smtpTransport,
  transportOver,
} from './smtp-transport.ts';
import { type MailServer, startMailServer } from './test/mail-server.ts';
import type { Letter } from './transport.ts';

const FROM = { name: 'Example', address: 'no-reply@example.com' };
const LETTER: Letter = {
  id: '0199f000-0000-7000-8000-000000000001',
  to: 'somebody@example.org',
  subject: 'تأكيد',
  text: 'One line.\n.\nAnother.\n',
  html: '<p>One line.</p>',
  locale: 'ar',
  replyTo: null,
  unsubscribe: null,
};
const never = new AbortController().signal;

let server: MailServer;
before(async () => {
  server = await startMailServer();
});
after(() => server.close());
const overServer = () => smtpTransport(smtpServerOf(`smtp://127.0.0.1:${server.port}`), FROM);

test('a mail arrives once, as plain text and as HTML, under the Message-ID of its id', async () => {
  assert.deepEqual(await overServer().send(LETTER, never), { outcome: 'sent', answer: 250 });
  const [{ from, to, raw }, ...more] = server.taken as [MailServer['taken'][0]];
  assert.deepEqual([from, to, more], [FROM.address, [LETTER.to], []]);
  assert.match(raw, /^Message-ID: <0199f000-0000-7000-8000-000000000001@example\.com>\r$/m);
  assert.match(raw, /^From: Example <no-reply@example\.com>\r$/m);
  assert.match(raw, /^Content-Language: ar\r$/m);
  assert.match(raw, /multipart\/alternative/);
  assert.doesNotMatch(raw, /^X-Mailer/m);
});

test('an address whose person writes in another script is reached as it is', async () => {
  const to = 'مستخدم@example.com';
  assert.deepEqual(await overServer().send({ ...LETTER, to }, never), { outcome: 'sent', answer: 250 });
  assert.deepEqual(server.taken.at(-1)!.to, [to]);
});

test('4yz is worth another try, 5yz is not, wherever it comes', async () => {
  for (const at of ['rcpt', 'data'] as const) {
    server.answers.push({ code: 451, at }, { code: 550, at });
    assert.deepEqual(await overServer().send(LETTER, never), {
      outcome: 'later',
      answer: 451,
      reason: 'temporary',
    });
    assert.deepEqual(await overServer().send(LETTER, never), { outcome: 'refused', answer: 550 });
  }
});

test('a server that is not there, or speaks no TLS where it has to, takes nothing and is tried again', async () => {
  const gone = await startMailServer();
  await gone.close();
  const unreachable = smtpTransport(smtpServerOf(`smtp://127.0.0.1:${gone.port}`), FROM);
  assert.deepEqual(await unreachable.send(LETTER, never), {
    outcome: 'later',
    answer: null,
    reason: 'unreachable',
  });
  const count = server.taken.length;
  const elsewhere = connectionOptions(
    { ...smtpServerOf(`smtp://127.0.0.1:${server.port}`), loopback: false },
    'example.com',
  );
  const delivery = await transportOver(nodemailer.createTransport(elsewhere), FROM).send(LETTER, never);
  assert.deepEqual([delivery.outcome, 'reason' in delivery && delivery.reason], ['later', 'tls']);
  assert.equal(server.taken.length, count);
});

test('off this machine TLS is required and certificates are checked, whatever the address looks like (checklist 42)', () => {
  for (const [url, port, secure] of [
    ['smtp://mail.example.com', 587, false],
    ['smtps://mail.example.com', 465, true],
    ['smtp://127.0.0.1.example.com:25', 25, false],
    ['smtp://localhost.example.com', 587, false],
    ['smtp://10.0.0.1', 587, false],
  ] as const) {
    const options = connectionOptions(smtpServerOf(url), 'example.com');
    assert.deepEqual([options.port, options.secure], [port, secure]);
    assert.ok(options.secure || options.requireTLS, url);
    assert.equal(options.ignoreTLS, false);
    assert.deepEqual(options.tls, { minVersion: 'TLSv1.2', rejectUnauthorized: true });
  }
  const { auth } = smtpServerOf('smtp://user%40example.com:p%3Aw@mail.example.com');
  assert.deepEqual(auth, { user: 'user@example.com', pass: 'p:w' });
});

test('no field of a mail begins a header of its own (checklist 51)', async () => {
  const mark = '\r\nBcc: victim@example.org';
  const throws = (letter: Partial<Letter>, from: Partial<typeof FROM> = {}) =>
    assert.throws(() => messageOf({ ...LETTER, ...letter }, { ...FROM, ...from }), /Invariant broken/);
  throws({ to: `somebody@example.org${mark}` });
  throws({ to: 'somebody@example.org, victim@example.org' });
  throws({ replyTo: `support@example.com${mark}` });
  throws({ subject: `Hello${mark}` });
  throws({ subject: 'Hello\u2028' });
  throws({ id: `x${mark}` });
  throws({ unsubscribe: `https://e.example/${mark}` });
  throws({}, { name: `Example${mark}` });
  const count = server.taken.length;
  const body = `Hello${mark}\r\n.\r\nMAIL FROM:<x@example.com>\r\n`;
  await overServer().send({ ...LETTER, text: body, html: body }, never);
  assert.equal(server.taken.length, count + 1, 'what the body says is no command');
  const { raw, to } = server.taken.at(-1)!;
  assert.deepEqual(to, [LETTER.to]);
  assert.doesNotMatch(raw.slice(0, raw.indexOf('\r\n\r\n')), /Bcc/i);
});

test('an attempt that is given up rejects, and says nothing of what became of it', async () => {
  const stop = new AbortController();
  server.onMail = async () => stop.abort(new Error('the process stops'));
  await assert.rejects(overServer().send(LETTER, stop.signal), /the process stops/);
  server.onMail = async () => undefined;
});
