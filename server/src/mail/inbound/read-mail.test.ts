import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textOfHtml } from './html-text.ts';
import { memoryRate } from './memory-rate.ts';
import { MAIL_OCTETS_MAX, type ReadMail, readMail } from './read-mail.ts';

const lines = (...parts: readonly string[]) => Buffer.from(parts.join('\r\n'));
async function read(raw: Buffer): Promise<ReadMail> {
  const reading = await readMail(raw);
  assert.ok(reading.outcome === 'read', JSON.stringify(reading));
  return reading.mail;
}
async function fault(raw: Buffer): Promise<string> {
  const reading = await readMail(raw);
  return reading.outcome === 'refused' ? reading.fault : 'read';
}

test('of a mail its subject and text are kept, and attachments are counted', async () => {
  const mail = await read(
    lines(
      'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
      'Message-ID: <one@example.org>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'It does =C3=BCberhaupt not work.',
      '--inner',
      'Content-Type: text/html',
      '',
      '<p>It does not work.</p>',
      '--inner--',
      '--outer',
      'Content-Type: image/png',
      'Content-Disposition: attachment; filename=a.png',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      'Subject: inside',
      '',
      'another mail',
      '--outer--',
    ),
  );
  assert.deepEqual([mail.subject, mail.text], ['Grüße', 'It does überhaupt not work.']);
  assert.deepEqual([mail.attachments, mail.automatic], [2, false]);
  assert.match(mail.mark, /one@example\.org/);
});

test('a mail in HTML becomes its text, without scripts, styles or anything that is loaded', async () => {
  const html =
    '<html><head><title>t</title><style>p{}</style></head><body><p>One &amp; two</p><script>alert(1)</script>' +
    '<img src="https://example.com/seen.gif" alt="x"><div>Three<br>four</div><noscript>n</noscript></body></html>';
  const mail = await read(lines('Content-Type: text/html; charset=utf-8', '', html));
  assert.equal(mail.text, 'One & two\n\nThree\nfour');
  assert.equal(textOfHtml('<p>open <b>and <script>never closed', 1_000), 'open and');
  assert.equal(textOfHtml('x'.repeat(9_000), 10), 'x'.repeat(10));
});

test('a charset that is a lie, or none at all, loses letters and nothing else', async () => {
  for (const charset of ['utf-8', 'x-unheard-of', 'utf-16', 'us-ascii', '"; drop', '\u0000']) {
    const raw = Buffer.concat([
      Buffer.from(`Content-Type: text/plain; charset=${charset}\r\n\r\n`),
      Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x00, 0x61, 0xed, 0xa0, 0x80, 0x62]),
    ]);
    const mail = await read(raw);
    assert.ok(mail.text.isWellFormed(), charset);
    assert.doesNotMatch(mail.text, /[^\P{Cc}\n\t]/u, charset);
  }
});

test('control characters are no part of a text, and a subject is one line', async () => {
  const mail = await read(
    Buffer.from('Subject: =?utf-8?q?a=0D=0ABcc:_x@example.org=00?=\r\n\r\none\0two\x1b[31m three'),
  );
  assert.doesNotMatch(mail.subject, /\p{Cc}/u);
  assert.equal(mail.text, 'onetwo[31m three');
});

test('line breaks that make two mails of one are refused wherever they stand', async () => {
  for (const smuggled of ['\n.\r\n', '\n.\n', '\r.\r\n', '\r.\r', '\r\n.\r', '\r\n.\n', '\n', '\r']) {
    const raw = Buffer.from(`Subject: a\r\n\r\nhello${smuggled}MAIL FROM:<a@example.org>\r\n`);
    assert.equal(await fault(raw), 'bare_line_break', JSON.stringify(smuggled));
  }
  assert.equal(await fault(Buffer.from('Subject: a\r\n\r\nhello\r\n..\r\n')), 'read');
});

test('what is nested, headed or lined beyond all letters is refused, and quickly', async () => {
  const nested = Array.from(
    { length: 100 },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
  );
  assert.equal(await fault(Buffer.from(`${nested.join('')}\r\nx`)), 'too_complex');
  assert.equal(await fault(lines(`Subject: ${'a'.repeat(1_000_000)}`, '', 'x')), 'too_complex');
  assert.equal(await fault(Buffer.from(`${'X: y\r\n'.repeat(1_000)}\r\nx`)), 'too_complex');
  assert.equal(await fault(Buffer.from(`a: b\r\n\r\n${'\r\n'.repeat(40_000)}`)), 'too_complex');
  assert.equal(await fault(Buffer.from(`${'Received: a\r\n'.repeat(101)}\r\nx`)), 'loops');
});

test('a text is cut, whatever the size and shape of its mail', async () => {
  const size = MAIL_OCTETS_MAX - 1_000;
  for (const body of [
    'x'.repeat(size),
    '<div>'.repeat(size / 5),
    '<'.repeat(size),
    '&amp'.repeat(size / 4),
  ]) {
    const mail = await read(lines('Content-Type: text/html', '', body));
    assert.ok(mail.text.length <= 100_000);
  }
});

test('mails of machines are known by what they say of themselves', async () => {
  const automatic = async (...headers: readonly string[]) =>
    (await read(lines(...headers, 'Subject: a', '', 'x'))).automatic;
  for (const header of [
    'Auto-Submitted: auto-replied',
    'Auto-Submitted: auto-generated; owner-email="a@example.org"',
    'AUTO-SUBMITTED:  Auto-Notified',
    'Precedence: bulk',
    'List-Id: <list.example.org>',
    'List-Unsubscribe: <https://example.org/>',
    'X-Autoreply: yes',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
  ])
    assert.equal(await automatic(header), true, header);
  for (const header of ['Auto-Submitted: no', 'Precedence: first-class', 'X-Mailer: list-maker'])
    assert.equal(await automatic(header), false, header);
});

test('octets at random, and mails cut at any of them, are read or refused and never thrown', async () => {
  const seed = Date.now();
  const whole = lines(
    'Content-Type: multipart/alternative; boundary="b"',
    'Subject: =?utf-8?b?Z3LDvMOfZQ==?=',
    '',
    '--b',
    'Content-Type: text/plain; charset*=utf-8\'\'x; name*0="a"; name*1*=%41',
    'Content-Transfer-Encoding: base64',
    '',
    'aGVsbG8=',
    '--b--',
  );
  for (let end = 0; end <= whole.length; end++) assert.ok(await readMail(whole.subarray(0, end)));
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets)),
    fc
      .constantFrom(
        '\r\n',
        '--b',
        'Content-Type: ',
        'multipart/mixed; boundary=b',
        '=?utf-8?q?',
        '<script',
        '&#',
      )
      .map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const reading = await readMail(Buffer.concat(pieces));
      if (reading.outcome === 'refused') return;
      assert.ok(reading.mail.text.isWellFormed() && reading.mail.subject.isWellFormed());
      assert.doesNotMatch(reading.mail.subject, /\p{Cc}/u);
    }),
    { seed, numRuns: 400 },
  );
});

test('a rate in memory lets as many pass as it has left, and forgets who was quiet for longest', () => {
  let now = 0;
  const take = memoryRate({ burst: 2, everyMs: 10 }, 2, () => now);
  assert.deepEqual([take('a'), take('a'), take('a')], [true, true, false]);
  now = 10;
  assert.deepEqual([take('a'), take('a')], [true, false]);
  take('b');
  take('c');
  assert.equal(take('a'), true, 'two others are known by now');
});
