// What staff see of tickets, when, and what is left of them at the end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeId, encodeId } from '@sotto/contract';
import {
  answerTicket,
  closeTicketAsStaff,
  listWaitingTickets,
  noteCall,
  openTicketByPhone,
  readTicketAsStaff,
  takeTicket,
} from '@sotto/contract/admin/tickets';
import { closeTicket, createTicket, getTicket, listTickets, replyToTicket } from '@sotto/contract/tickets';
import { closeWorkspace, createKey, createWorkspace } from '#accounts';
import { accountsExpiry } from '#accounts/expiry';
import { newId } from '#platform/ids';
import { lift, restrict } from '#privacy/processing';
import { endOf, expireDue, liftLegalHold, placeLegalHold, retentionReport } from '#privacy/retention';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { limitsFrom } from '../privacy/retention/test/limits.ts';
import { supportExpiry } from './expiry.ts';
import { endTicketsOf, exportTickets, openFromMail, replyTermsOf, senderOf } from './support.ts';
import { DAY_MS } from './ticket-states.ts';
import { watchTickets } from './watch.ts';
import { senderKey, wordsKey } from './words.ts';

const MINUTE_MS = 60_000;
const SECRET = 'The word is heliotrope';

describe('tickets and staff', () => {
  const limits = limitsFrom({ ticket: ['P12M', 'ticket_closed'], account: ['P1D', 'account_closed'] });
  const app = useApi({ limits });
  const { database } = app;
  const customer = {
    create: async (text = SECRET) => {
      const made = await callOperation(app.server, createTicket, {
        token: app.shop.token,
        body: { subject: SECRET, text, topic: 'billing' },
      });
      assert.equal(made.status, 201, made.text);
      return made.body.id as string;
    },
    get: (id: string) => callOperation(app.server, getTicket, { token: app.shop.token, id }),
    list: () => callOperation(app.server, listTickets, { token: app.shop.token }),
    close: (id: string) => callOperation(app.server, closeTicket, { token: app.shop.token, id }),
    reply: (id: string, text: string) =>
      callOperation(app.server, replyToTicket, { token: app.shop.token, id, body: { text } }),
  };
  const agentWith = (token: string) => ({
    list: (query: Record<string, string> = {}) =>
      callOperation(app.server, listWaitingTickets, { token, query }),
    take: (id: string) => callOperation(app.server, takeTicket, { token, id }),
    read: (id: string) => callOperation(app.server, readTicketAsStaff, { token, id }),
    answer: (id: string, text = 'Mended.') =>
      callOperation(app.server, answerTicket, { token, id, body: { text } }),
    note: (id: string, text = 'Called.') =>
      callOperation(app.server, noteCall, { token, id, body: { text } }),
    close: (id: string) => callOperation(app.server, closeTicketAsStaff, { token, id }),
    phone: (body: object) => callOperation(app.server, openTicketByPhone, { token, body }),
  });
  const two = async () => {
    const [one, other] = [await app.issue(null, ['admin:tickets']), await app.issue(null, ['admin:tickets'])];
    return [agentWith(one), agentWith(other)] as const;
  };
  const uuid = (id: string) => decodeId('tkt', id)!;
  const trail = async () =>
    (
      await database.sql<{ what: string }>(
        `select action || ' ' || outcome as what from privacy.audit_entry where action like 'ticket.%' order by id`,
      )
    ).map(({ what }) => what);
  const desk = () => ({
    keyring: app.keyring,
    kept: null,
    terms: replyTermsOf(
      { rights: {} } as never,
      { timeZone: 'UTC', weekdays: [1, 2, 3, 4, 5], opensAtMinute: 540, closesAtMinute: 1_020, holidays: [] },
      16,
    ),
  });
  const mailCase = async (words = SECRET) => {
    const mail = { mailId: newId(), sender: 'someone@example.com', subject: words, text: words };
    const opened = await database.db.batch((tx) => openFromMail(tx, desk(), mail));
    assert.ok(opened.outcome === 'opened');
    return opened.ticketId;
  };

  test('a card number in a mail is masked before anything of it is kept (R-NOCARD)', async () => {
    const card = '5555 5555 5555 4444';
    const id = encodeId('tkt', await mailCase(`Charged twice on ${card}.`));
    const [agent] = await two();
    assert.equal((await agent.take(id)).status, 200);
    const { body } = await agent.read(id);
    const masked = 'Charged twice on •••• 4444.';
    assert.deepEqual([body.subject, body.messages[0].text], [masked, masked]);
  });

  test('without a window staff see that something waits, and no word of it; refused looks are in the trail (checklist 57)', async () => {
    const id = await customer.create();
    const [agent] = await two();
    const listed = await agent.list();
    const item = listed.body.data.find((one: { id: string }) => one.id === id);
    assert.deepEqual([item.topic, item.overdue, item.taken_until], ['billing', false, null]);
    assert.ok(!listed.text.includes('heliotrope') && !listed.text.includes(app.shop.publicId));
    for (const answer of [
      await agent.read(id),
      await agent.answer(id),
      await agent.note(id),
      await agent.close(id),
    ]) {
      assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden']);
      assert.ok(!answer.text.includes('heliotrope') && !answer.text.includes('wrk_'));
    }
    assert.deepEqual((await trail()).slice(-1), ['ticket.read refused']);
    assert.equal((await customer.get(id)).body.messages.length, 1);
    await customer.close(id);
  });

  test('who took a ticket reads it, answers it, notes a call and closes it; each of that is in the trail', async () => {
    const id = await customer.create();
    const [agent] = await two();
    const before = (await trail()).length;
    const taken = await agent.take(id);
    assert.equal(taken.status, 200, taken.text);
    const read = await agent.read(id);
    assert.deepEqual([read.body.subject, read.body.messages[0].text], [SECRET, SECRET]);
    assert.deepEqual(read.body.customer, {
      workspace_id: app.shop.publicId,
      available: { amount: '0.00', currency: 'EUR' },
      held: { amount: '0.00', currency: 'EUR' },
    });
    assert.equal((await agent.note(id)).body.state, 'waiting_for_staff');
    const answered = await agent.answer(id);
    assert.equal(answered.body.state, 'waiting_for_customer');
    assert.ok(answered.body.first_replied_at !== null && !answered.text.includes('Mended'));
    const [row] = await database.sql('select first_reply from support.ticket where id = $1', [uuid(id)]);
    assert.equal(row!.first_reply, 'met');
    const events = await database.sql<{ payload: object }>(
      `select payload from platform.outbox where name = 'support.replied' and payload ->> 'ticket_id' = $1`,
      [uuid(id)],
    );
    assert.deepEqual(Object.keys(events[0]!.payload).sort(), ['message_id', 'ticket_id', 'workspace_id']);
    assert.equal((await agent.close(id)).body.state, 'closed');
    assert.deepEqual((await trail()).slice(before), [
      'ticket.taken done',
      'ticket.read done',
      'ticket.noted done',
      'ticket.answered done',
      'ticket.closed done',
    ]);
    assert.deepEqual(
      (await customer.get(id)).body.messages.map(({ author, channel }: Record<string, string>) => [
        author,
        channel,
      ]),
      [
        ['customer', 'form'],
        ['staff', 'phone'],
        ['staff', 'form'],
      ],
    );
    // The window went with the closing: nothing is shown any more, also not once it is open again.
    assert.equal((await agent.read(id)).status, 403);
    await customer.reply(id, 'Again');
    assert.equal((await agent.read(id)).status, 403);
    await customer.close(id);
  });

  test('a window ends with its hour to the moment, and taking again begins another (checklist 57)', async () => {
    const id = await customer.create();
    const [agent, other] = await two();
    const { body } = await agent.take(id);
    const endMs = Date.parse(body.ends_at);
    await database.standAt(new Date(endMs - 1));
    assert.equal((await agent.read(id)).status, 200);
    assert.equal((await other.take(id)).body.code, 'conflict');
    await database.standAt(new Date(endMs));
    for (const answer of [
      await agent.read(id),
      await agent.answer(id),
      await agent.note(id),
      await agent.close(id),
    ])
      assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden']);
    assert.equal((await other.take(id)).status, 200, 'it is free for somebody else');
    assert.equal((await agent.take(id)).body.code, 'conflict');
    await database.advance(30 * MINUTE_MS);
    const renewed = await other.take(id);
    await database.advance(45 * MINUTE_MS);
    assert.equal((await other.read(id)).body.taken_until, renewed.body.ends_at);
    await customer.close(id);
    assert.equal((await other.read(id)).status, 403, 'a ticket its customer closed is shown no more');
    assert.equal((await other.take(id)).body.code, 'conflict');
  });

  test('of two agents taking one ticket at once one gets it, however often they try', async () => {
    const [one, other] = await two();
    for (let round = 0; round < 5; round++) {
      const id = await customer.create();
      const answers = await Promise.all([one.take(id), other.take(id), one.take(id), other.take(id)]);
      const [first, second] = [answers[0]!.status, answers[1]!.status];
      assert.deepEqual([first, second].sort(), [200, 409]);
      assert.deepEqual([answers[2]!.status, answers[3]!.status], [first, second]);
      const reads = await Promise.all([one.read(id), other.read(id)]);
      assert.deepEqual(
        reads.map(({ status }) => status),
        first === 200 ? [200, 403] : [403, 200],
      );
      await customer.close(id);
    }
  });

  test('a restricted workspace is left alone: its ticket is neither read nor answered, and its own words reach it', async () => {
    const id = await customer.create();
    const [agent] = await two();
    await agent.take(id);
    const subject = { kind: 'workspace', id: app.shop.id } as const;
    await database.db.batch((tx) => restrict(tx, subject, 'accuracy_contested'));
    for (const answer of [await agent.read(id), await agent.answer(id), await agent.note(id)]) {
      assert.deepEqual([answer.status, answer.body.code], [403, 'restricted']);
      assert.ok(!answer.text.includes('heliotrope'));
    }
    assert.equal((await customer.get(id)).body.subject, SECRET);
    await database.db.batch((tx) => lift(tx, subject, 'accuracy_contested'));
    assert.equal((await agent.read(id)).status, 200);
    await customer.close(id);
  });

  test('what waits is listed by when it is due, over pages, overdue first', async () => {
    const ids = [await customer.create(), await customer.create(), await customer.create()];
    await database.sql(
      `update support.ticket set reply_due_at = platform.clock() - interval '1 hour',
              place_in_line = overlay(place_in_line::text placing '00000000-0000' from 1)::uuid where id = $1`,
      [uuid(ids[2]!)],
    );
    const [agent] = await two();
    const seen: { id: string; overdue: boolean }[] = [];
    let cursor: string | null = null;
    do {
      const page = await agent.list({ limit: '2', ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.body.data);
      cursor = page.body.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(seen.map(({ id }) => id).slice(0, 1), [ids[2]]);
    assert.equal(seen[0]!.overdue, true);
    assert.ok(ids.every((id) => seen.some((one) => one.id === id)));
    for (const id of ids) await customer.close(id);
  });

  test('a call becomes a ticket of its workspace, which sees it; an unknown or closed workspace has none', async () => {
    const [agent] = await two();
    const words = { subject: 'Call', text: 'They called about a bill.' };
    const opened = await agent.phone({ workspace_id: app.shop.publicId, ...words });
    assert.deepEqual([opened.status, opened.body.channel], [201, 'phone']);
    assert.equal((await customer.get(opened.body.id)).body.messages[0].author, 'staff');
    assert.equal(
      (await agent.read(opened.body.id)).status,
      403,
      'who wrote it down needs a window like anybody',
    );
    const nobody = await agent.phone({ workspace_id: 'wrk_01jd3rh8e7fv2r0kqvw4m9xt5c', ...words });
    assert.deepEqual([nobody.status, nobody.body.code], [404, 'not_found']);
    await customer.close(opened.body.id);
  });

  test('the address of a mail is shown to nobody and is destroyed when its case closes', async () => {
    const ticketId = await mailCase();
    const id = encodeId('tkt', ticketId);
    const [agent] = await two();
    await agent.take(id);
    const read = await agent.read(id);
    assert.equal(read.body.customer, null);
    assert.ok(read.text.includes('heliotrope') && !read.text.includes('someone@'));
    const [kept] = await database.sql<{ sender: Buffer }>('select sender from support.ticket where id = $1', [
      ticketId,
    ]);
    await agent.answer(id);
    assert.equal((await agent.close(id)).status, 200);
    assert.equal(await database.db.batch((tx) => senderOf(tx, app.keyring, ticketId)), null);
    const place = {
      column: 'support.ticket.sender',
      rowId: ticketId,
      ownerId: ticketId,
      keyId: senderKey(app.keyring, ticketId),
    } as const;
    await app.keyring.load([place.keyId]);
    assert.equal(app.keyring.open(place, kept!.sender).state, 'shredded', 'a copy in a backup is unreadable');
  });

  test('a customer who says nothing for 14 days has their answer: the ticket closes', async () => {
    const id = await customer.create();
    const [agent] = await two();
    await agent.take(id);
    await agent.answer(id);
    await database.advance(14 * DAY_MS - MINUTE_MS);
    await watchTickets(database.db, app.keyring);
    assert.equal((await customer.get(id)).body.state, 'waiting_for_customer');
    await database.advance(MINUTE_MS + 1_000);
    assert.ok((await watchTickets(database.db, app.keyring)).closed >= 1);
    assert.equal((await customer.get(id)).body.state, 'closed');
  });

  describe('at the end', () => {
    const options = () => ({
      db: database.db,
      keyring: app.keyring,
      limits,
      handlers: [...accountsExpiry(app.keyring, [endTicketsOf]), ...supportExpiry(app.keyring)],
      keyDayUsers: [],
      restFactor: 0,
    });
    const run = async () => {
      const done = await expireDue(options(), new AbortController().signal);
      if (done.failures.length > 0) throw done.failures[0];
    };
    const words = (ticketId: string) =>
      database.sql<{ id: string; body: Buffer }>(
        'select id, body from support.message where ticket_id = $1',
        [ticketId],
      );
    const count = async (ticketId: string) =>
      (await database.sql('select id from support.ticket where id = $1', [ticketId])).length;
    async function assertUnreadable(ticketId: string, copies: readonly { id: string; body: Buffer }[]) {
      assert.ok(copies.length > 0);
      const keyId = wordsKey(app.keyring, ticketId);
      app.keyring.evict([keyId]);
      await app.keyring.load([keyId]);
      for (const { id, body } of copies) {
        const place = { column: 'support.message.body', rowId: id, ownerId: ticketId, keyId } as const;
        assert.equal(app.keyring.open(place, body).state, 'shredded');
        assert.ok(!body.includes('heliotrope'));
      }
    }

    test('a year after its end a ticket is gone and no copy of a word can be read; a legal hold keeps it', async () => {
      const id = await customer.create();
      const ticketId = uuid(id);
      const open = await customer.create();
      await customer.close(id);
      const copies = await words(ticketId);
      const end = endOf('P12M', new Date((await customer.get(id)).body.closed_at));
      await database.standAt(new Date(end.getTime() - 1_000));
      await run();
      assert.equal((await customer.get(id)).body.subject, SECRET);
      await database.standAt(new Date(end.getTime() + 1_000));
      assert.equal((await customer.get(id)).status, 404, 'shown no more, before the job has run');
      assert.ok(!(await customer.list()).text.includes(id));
      assert.equal(await count(ticketId), 1);
      const hold = await database.db.batch((tx) => placeLegalHold(tx, app.shop.id, 'court_order'));
      await run();
      assert.equal(await count(ticketId), 1, 'held');
      await database.db.batch((tx) => liftLegalHold(tx, hold.id));
      await run();
      assert.equal(await count(ticketId), 0);
      assert.deepEqual(await words(ticketId), []);
      await assertUnreadable(ticketId, copies);
      assert.equal(await count(uuid(open)), 1, 'an open one stays');
      const report = (await retentionReport(options())).find(({ key }) => key === 'ticket');
      assert.equal(report!.overdue, 0);
      await customer.close(open);
    });

    test('a ticket is in the export and goes with its workspace, open or not: no row, no key, and nothing of others', async () => {
      const { id: workspaceId } = await database.db.batch((tx) =>
        createWorkspace(tx, app.keyring, { kind: 'personal', name: 'Gone', currency: 'EUR' }),
      );
      const key = await database.db.batch((tx) =>
        createKey(tx, app.keyring, 'operator', {
          workspaceId,
          kind: 'live',
          name: 'test',
          scopes: ['tickets:write'],
          networks: [],
          expiresAt: null,
        }),
      );
      assert.ok(key.outcome === 'created');
      const stays = await customer.create();
      const body = { subject: SECRET, text: SECRET };
      const made = await callOperation(app.server, createTicket, { token: key.token, body });
      const ticketId = uuid(made.body.id);
      const [agent] = await two();
      await agent.take(made.body.id);
      const copies = await words(ticketId);
      const exported = async () => {
        const all = [];
        for await (const one of exportTickets(database.db, desk(), workspaceId)) all.push(one);
        return all;
      };
      assert.deepEqual(
        (await exported()).map(({ subject, messages }) => [subject, messages[0]!.text]),
        [[SECRET, SECRET]],
      );
      await database.db.batch((tx) => closeWorkspace(tx, workspaceId));
      await database.advance(DAY_MS + 1_000);
      await run();
      assert.equal(await count(ticketId), 0);
      assert.deepEqual(await exported(), []);
      assert.deepEqual(await words(ticketId), []);
      assert.deepEqual(
        await database.sql('select from support.access_window where ticket_id = $1', [ticketId]),
        [],
      );
      await assertUnreadable(ticketId, copies);
      assert.equal((await customer.get(stays)).body.subject, SECRET);
      const dump = JSON.stringify(
        await database.sql('select t::text, m::text from support.ticket t, support.message m'),
      );
      for (const word of ['heliotrope', Buffer.from('heliotrope').toString('hex')])
        assert.ok(!dump.includes(word), 'no word is in clear in any row');
    });
  });
});
