// Requests for help as customers and mails make them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  closeTicket,
  createTicket,
  getTicket,
  listTickets,
  replyToTicket,
  ticketMessagesMax,
  ticketTextLengthMax,
} from '@sotto/contract/tickets';
import { newId } from '#platform/ids';
import { metricsPage } from '#platform/metrics';
import { useApi } from '../../test/api.ts';
import { callOperation, type Request } from '../../test/route-contract.ts';
import {
  appendFromMail,
  exportTickets,
  openFromMail,
  replyTermsOf,
  replyTokenOf,
  senderOf,
} from './support.ts';
import { OPEN_TICKETS_MAX } from './ticket.ts';
import { DAY_MS } from './ticket-states.ts';
import { watchTickets } from './watch.ts';

const terms = replyTermsOf(
  { rights: {} } as never,
  { timeZone: 'UTC', weekdays: [1, 2, 3, 4, 5], opensAtMinute: 540, closesAtMinute: 1_020, holidays: [] },
  16,
);

describe('tickets of customers', () => {
  const app = useApi();
  const as = (token: string) => ({
    create: (body: object) => callOperation(app.server, createTicket, { token, body }),
    list: (query: Record<string, string> = {}) => callOperation(app.server, listTickets, { token, query }),
    get: (id: string) => callOperation(app.server, getTicket, { token, id }),
    reply: (id: string, text: string) =>
      callOperation(app.server, replyToTicket, { token, id, body: { text } }),
    close: (id: string) => callOperation(app.server, closeTicket, { token, id }),
  });
  const shop = () => as(app.shop.token);
  const desk = () => ({ keyring: app.keyring, terms, kept: null });
  const batch = <T>(body: Parameters<typeof app.database.db.batch<T>>[0]) => app.database.db.batch(body);
  const row = async (publicId: string) => {
    const { decodeId } = await import('@sotto/contract');
    const [found] = await app.database.sql<Record<string, unknown>>(
      'select * from support.ticket where id = $1',
      [decodeId('tkt', publicId)],
    );
    return found!;
  };

  test('a conversation is opened, continued, closed and read whole; answers to changes hold no word of it', async () => {
    const opened = await shop().create({
      subject: 'Late receipts',
      text: 'Since Monday.',
      topic: 'messages',
    });
    assert.equal(opened.status, 201, opened.text);
    assert.ok(!opened.text.includes('Late') && !opened.text.includes('Monday'));
    assert.deepEqual([opened.body.state, opened.body.topic], ['waiting_for_staff', 'messages']);
    const { id } = opened.body;
    const replied = await shop().reply(id, 'And on Tuesday.');
    assert.ok(replied.status === 200 && !replied.text.includes('Tuesday'), replied.text);
    const closed = await shop().close(id);
    assert.deepEqual(
      [closed.body.state, (await shop().close(id)).body.closed_at],
      ['closed', closed.body.closed_at],
    );
    const { body } = await shop().get(id);
    assert.equal(body.subject, 'Late receipts');
    assert.deepEqual(
      body.messages.map(({ author, channel, text }: Record<string, string>) => [author, channel, text]),
      [
        ['customer', 'form', 'Since Monday.'],
        ['customer', 'form', 'And on Tuesday.'],
      ],
    );
    assert.equal((await shop().list()).body.data[0].subject, 'Late receipts');
  });

  test('markup and control characters are data and come back as they were, escaped by JSON', async () => {
    const text = '<script>alert(1)</script>\u0007\u001b[31m\r\nBcc: x@example.com\u202e"\\';
    const { id } = (await shop().create({ subject: '<b>&amp;</b>', text })).body;
    const read = await shop().get(id);
    assert.equal(read.body.messages[0].text, text);
    assert.equal(read.headers['content-type'], 'application/json; charset=utf-8');
    assert.ok(!read.text.includes('\u0007') && !read.text.includes('\u001b'));
    await shop().close(id);
  });

  test('line breaks in a subject, texts too long, halves of characters and unknown topics are refused and store nothing', async () => {
    const count = async () => (await app.database.sql('select id from support.ticket')).length;
    const before = await count();
    const fine = { subject: 'Fine', text: 'Fine' };
    for (const [field, value] of [
      ['subject', 'Help\r\nBcc: x@example.com'],
      ['subject', 'Help\u0000'],
      ['subject', ''],
      ['subject', 'x'.repeat(201)],
      ['text', ''],
      ['text', 'a\u0000b'],
      ['text', '\ud800'],
      ['text', 'x'.repeat(ticketTextLengthMax + 1)],
      ['topic', 'refunds'],
    ] as const) {
      const refused = await shop().create({ ...fine, [field]: value });
      assert.deepEqual(
        [refused.status, refused.body.code],
        [400, 'invalid_request'],
        `${field} ${refused.text}`,
      );
      assert.ok(!refused.text.includes('example.com') && !refused.text.includes('refunds'));
    }
    for (const extra of [
      { state: 'closed' },
      { workspace_id: app.stranger.publicId },
      { first_reply_due_at: 'x' },
    ])
      assert.equal((await shop().create({ ...fine, ...extra })).body.code, 'unknown_field');
    assert.equal(await count(), before);
    const longest = await shop().create({ ...fine, text: 'é'.repeat(ticketTextLengthMax) });
    assert.equal(longest.status, 201, longest.text);
    await shop().close(longest.body.id);
  });

  test('another workspace’s ticket is not there: not to read, to write in, to close, or in a list', async () => {
    const { id } = (await shop().create({ subject: 'Heliotrope', text: 'Heliotrope' })).body;
    const stranger = as(app.stranger.token);
    for (const answer of [await stranger.get(id), await stranger.reply(id, 'x'), await stranger.close(id)])
      assert.deepEqual([answer.status, answer.body.code], [404, 'not_found']);
    assert.ok(!(await stranger.list()).text.includes(id));
    assert.equal((await shop().get(id)).body.messages.length, 1);
    const uuid = (await row(id)).id;
    const seen = await app.database.db.tenant(app.stranger.id, (tx) =>
      tx.exec(
        {
          name: 'test.peek',
          purpose: 'support',
          text: 'select ticket_id from support.message where ticket_id = $1',
        },
        [uuid],
      ),
    );
    assert.deepEqual(seen, [], 'row-level security holds also where a statement forgets');
    await shop().close(id);
  });

  test(`of thirty openers at once ${OPEN_TICKETS_MAX} get a ticket, and closing one makes room`, async () => {
    const crowd = as(app.stranger.token);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => crowd.create({ subject: 'A', text: 'B' })),
    );
    const opened = answers.filter(({ status }) => status === 201);
    assert.equal(opened.length, OPEN_TICKETS_MAX);
    assert.ok(answers.every(({ status, body }) => status === 201 || body.code === 'conflict'));
    await crowd.close(opened[0]!.body.id);
    const [last] = await Promise.all([crowd.create({ subject: 'A', text: 'B' })]);
    assert.equal(last.status, 201);
    const first = await crowd.list({ limit: '15' });
    const second = await crowd.list({ limit: '15', cursor: first.body.next_cursor });
    assert.deepEqual(
      [first.body.data.length, second.body.data.length, second.body.next_cursor],
      [15, 6, null],
    );
  });

  test('a ticket takes so many messages and no more', async () => {
    const { id } = (await shop().create({ subject: 'Long', text: 'One' })).body;
    await app.database.sql('update support.ticket set messages_count = $2 where id = $1', [
      (await row(id)).id,
      ticketMessagesMax - 1,
    ]);
    const answers = await Promise.all([shop().reply(id, 'x'), shop().reply(id, 'y')]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    await shop().close(id);
  });

  test('a reply within 14 days opens a closed ticket again, a later one is refused', async () => {
    const [{ id }, { id: other }] = [
      (await shop().create({ subject: 'One', text: 'x' })).body,
      (await shop().create({ subject: 'Two', text: 'x' })).body,
    ];
    await shop().close(id);
    await shop().close(other);
    await app.database.advance(14 * DAY_MS - 60_000);
    assert.equal((await shop().reply(id, 'Again')).body.state, 'waiting_for_staff');
    await app.database.advance(120_000);
    const refused = await shop().reply(other, 'Again');
    assert.deepEqual([refused.status, refused.body.code], [409, 'conflict']);
    await shop().close(id);
  });

  test('a first answer that is late is recorded and told once, and overdue tickets are counted', async () => {
    const { id } = (await shop().create({ subject: 'Late', text: 'x' })).body;
    const dueMs = Date.parse((await shop().get(id)).body.first_reply_due_at);
    await app.database.standAt(new Date(dueMs));
    await watchTickets(app.database.db, app.keyring);
    assert.equal((await row(id)).first_reply, 'waiting', 'at the moment itself it is in time');
    await app.database.standAt(new Date(dueMs + 1));
    const { missed, overdue } = await watchTickets(app.database.db, app.keyring);
    assert.ok(missed >= 1 && overdue >= 1);
    assert.match((await metricsPage()).text, new RegExp(`^sotto_support_overdue_count ${overdue}$`, 'm'));
    assert.equal((await row(id)).first_reply, 'missed');
    assert.equal((await watchTickets(app.database.db, app.keyring)).missed, 0);
    const told = await app.database.sql(`select from platform.outbox where payload ->> 'ticket_id' = $1`, [
      (await row(id)).id,
    ]);
    assert.equal(told.length, 1);
    await shop().close(id);
  });

  test('a card number opens no case, and the refusal does not repeat it (R-NOCARD)', async () => {
    const card = '5555 5555 5555 4444';
    const asked = { topic: 'billing', subject: `Card ${card}`, text: 'It was charged twice.' };
    for (const body of [asked, { ...asked, subject: 'Card', text: `It is ${card}.` }]) {
      const answer = await shop().create(body);
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request']);
      assert.ok(!answer.text.includes('4444'));
    }
  });

  test('a mail opens a case of nobody’s, and joins one by its token alone, whoever it says it is from', async () => {
    const mail = {
      mailId: newId(),
      sender: 'someone@example.com',
      subject: 'Hi\r\nBcc: y@example.com',
      text: 'Help\0',
    };
    const opened = await batch((tx) => openFromMail(tx, desk(), mail));
    assert.ok(opened.outcome === 'opened');
    const { ticketId, replyToken } = opened;
    assert.deepEqual(await batch((tx) => openFromMail(tx, desk(), mail)), { outcome: 'already' });
    assert.equal(await batch((tx) => senderOf(tx, app.keyring, ticketId)), mail.sender);
    const append = (token: string, mailId = newId(), text = 'More') =>
      batch((tx) => appendFromMail(tx, desk(), { mailId, text, replyToken: token }));
    assert.equal((await append(replyTokenOf(app.keyring, newId()))).outcome, 'unknown');
    assert.equal((await append(`${'0'.repeat(52)}`)).outcome, 'unknown');
    const twice = newId();
    const both = await Promise.all([append(replyToken, twice), append(replyToken, twice)]);
    assert.deepEqual(both.map(({ outcome }) => outcome).sort(), ['added', 'already']);
    const long = await append(replyToken, newId(), '😀'.repeat(ticketTextLengthMax));
    assert.equal(long.outcome, 'added');
    const [counts] = await app.database.sql<{ messages_count: number; workspace_id: null }>(
      'select messages_count, workspace_id from support.ticket where id = $1',
      [ticketId],
    );
    assert.deepEqual(counts, { messages_count: 3, workspace_id: null });
    // A customer's own conversation can go on by mail.
    const form = (await shop().create({ subject: 'Form', text: 'x' })).body;
    const byMail = await append(
      replyTokenOf(app.keyring, (await row(form.id)).id as string),
      newId(),
      'From my phone',
    );
    assert.equal(byMail.outcome, 'added');
    const last = (await shop().get(form.id)).body.messages.at(-1);
    assert.deepEqual([last.channel, last.text], ['mail', 'From my phone']);
    await shop().close(form.id);
  });

  test('the export holds every word of the workspace’s tickets and none of another’s', async () => {
    const { id } = (await shop().create({ subject: 'Saffron', text: 'Turmeric' })).body;
    const exported = [];
    for await (const one of exportTickets(app.database.db, desk(), app.shop.id)) exported.push(one);
    const listed = await shop().list({ limit: '200' });
    assert.equal(exported.length, listed.body.data.length);
    const [newest] = exported;
    assert.deepEqual(JSON.parse(JSON.stringify(newest)), (await shop().get(id)).body);
    assert.equal(newest!.messages[0]!.text, 'Turmeric');
    for await (const other of exportTickets(app.database.db, desk(), app.stranger.id))
      assert.ok(!JSON.stringify(other).includes('Turmeric'));
    await shop().close(id);
  });

  test('a key without the scope is refused, one that reads cannot write', async () => {
    const token = await app.issue(app.shop.id, ['tickets:read']);
    const request: Request = { token, body: { subject: 'x', text: 'x' } };
    assert.equal((await callOperation(app.server, createTicket, request)).body.code, 'scope_missing');
    assert.equal((await callOperation(app.server, listTickets, { token })).status, 200);
  });
});
