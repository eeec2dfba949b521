// Support by mail, from a client's socket to the ticket and back to the client's mailbox.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeId, encodeId } from '@sotto/contract';
import {
  answerTicket,
  closeTicketAsStaff,
  readTicketAsStaff,
  takeTicket,
} from '@sotto/contract/admin/tickets';
import { createTicket, listTickets } from '@sotto/contract/tickets';
import nodemailer from 'nodemailer';
import { createWorkspace } from '#accounts';
import { developmentMailbox, mailLeave, mailPurposes, smtpListener } from '#mail';
import { sendMailHandler } from '#mail/jobs';
import { readConfig } from '#platform/config';
import { newId } from '#platform/ids';
import { type AnyJob, JobRunner } from '#platform/jobs';
import { log } from '#platform/log';
import { emit, Outbox } from '#platform/outbox';
import { replied, replyTokenOf } from '#support';
import { useApi } from '../../test/api.ts';
import { personIn } from '../../test/people.ts';
import { callOperation } from '../../test/route-contract.ts';
import { composeInboundMail, supportSink } from './compose-inbound-mail.ts';
import { featuresOf } from './policy/features.ts';
import { profileNames, readPolicyFile } from './policy/policy-file.ts';
import { replyTermsFor } from './reply-terms.ts';
import { ticketReplyJob } from './ticket-reply-mail.ts';

const DOMAIN = 'help.example.com';
const WORD = 'heliotrope';
const SENDER = 'quince.marmalade@example.org';
describe('support by mail', () => {
  const app = useApi();
  const { database } = app;
  const mailbox = developmentMailbox();
  const policyOf = async (name: string) =>
    (await readPolicyFile(name, { production: false, today: '2026-11-26' })).policy;
  let standard: Awaited<ReturnType<typeof policyOf>>;
  before(async () => {
    standard = await policyOf('standard');
  });
  const desk = () => ({ keyring: app.keyring, kept: null, terms: replyTermsFor(standard, readConfig({})) });
  const listenerFor = (withSupport: boolean) =>
    smtpListener({
      db: { batch: (...given: Parameters<typeof database.db.batch>) => database.db.batch(...given) } as never,
      keyring: app.keyring,
      log,
      host: '127.0.0.1',
      port: 0,
      name: DOMAIN,
      sinks: [supportSink(withSupport ? desk() : null, DOMAIN)],
      ours: [],
      prefixOf: (address) => address,
      bounds: { perSender: { burst: 1_000, everyMs: 1 } },
    });
  const stops: (() => Promise<void>)[] = [];
  const ports = new Map<boolean, number>();
  async function portOf(withSupport: boolean): Promise<number> {
    if (!ports.has(withSupport)) {
      const listener = listenerFor(withSupport);
      ports.set(withSupport, (await listener.start()).port);
      stops.push(() => listener.stop());
    }
    return ports.get(withSupport)!;
  }
  after(async () => {
    for (const stop of stops) await stop();
  });

  async function send(message: object = {}, withSupport = true): Promise<number> {
    const port = await portOf(withSupport);
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    const whole = { from: SENDER, to: `support@${DOMAIN}`, subject: WORD, text: `My ${WORD} does not work.` };
    try {
      return Number.parseInt((await transport.sendMail({ ...whole, ...message })).response, 10);
    } catch (error) {
      return (error as { responseCode?: number }).responseCode ?? 0;
    } finally {
      transport.close();
    }
  }

  interface Row extends Record<string, unknown> {
    id: string;
    workspace_id: string | null;
    channel: string;
    state: string;
    messages_count: number;
    created_at: Date;
    first_reply_due_at: Date;
  }
  const tickets = () => database.sql<Row>('select * from support.ticket order by id');
  const latest = async () => (await tickets()).at(-1)!;

  let agent = '';
  const staff = async (id: string) => {
    agent ||= await app.issue(null, ['admin:tickets']);
    const call = { token: agent, id: encodeId('tkt', id) };
    return {
      take: () => callOperation(app.server, takeTicket, call),
      read: () => callOperation(app.server, readTicketAsStaff, call),
      answer: (text: string) => callOperation(app.server, answerTicket, { ...call, body: { text } }),
      close: () => callOperation(app.server, closeTicketAsStaff, call),
    };
  };

  /** Runs what follows an answer: event, job, and the mail that goes out; answers the mails. */
  async function mailsOf(sends = true) {
    const job = ticketReplyJob({
      keyring: app.keyring,
      mailDomain: DOMAIN,
      baseUrl: () => 'https://sms.example.com',
      sends,
    });
    const declared = mailPurposes(standard);
    const leave = mailLeave(declared, { mayProcess: async () => 'allowed' });
    const replyTos: (string | null)[] = [];
    const transport = {
      send: (...given: Parameters<typeof mailbox.send>) => {
        replyTos.push(given[0].replyTo);
        return mailbox.send(...given);
      },
    };
    const sender = sendMailHandler({ keyring: app.keyring, transport, service: 'Example', declared, leave });
    const outbox = new Outbox({ db: database.db });
    outbox.subscribe(replied, job);
    const before = mailbox.list().length;
    await outbox.dispatchAll();
    await new JobRunner({ db: database.db, jobs: [job, sender] as unknown as AnyJob[] }).runDue();
    return mailbox
      .list()
      .slice(0, mailbox.list().length - before)
      .map((mail, index) => ({ ...mail, replyTo: replyTos.at(-1 - index) ?? null }));
  }

  test('a mail opens a case of nobody’s, clocked from its arrival, even from the confirmed address of an account', async () => {
    const person = await app.person({ email: 'confirmed@example.com' });
    const began = (await database.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now;
    assert.equal(await send({ from: 'confirmed@example.com' }), 250);
    const row = await latest();
    assert.deepEqual([row.workspace_id, row.channel, row.state], [null, 'mail', 'waiting_for_staff']);
    assert.ok(row.created_at >= began && row.first_reply_due_at > row.created_at);
    const listed = await callOperation(app.server, listTickets, { token: app.shop.token });
    assert.deepEqual(listed.body.data, []);
    const looking = await staff(row.id);
    await looking.take();
    const read = await looking.read();
    assert.deepEqual([read.body.subject, read.body.customer], [WORD, null]);
    assert.ok(!read.text.includes('confirmed@') && !read.text.includes(encodeId('wrk', person.workspaceId)));
  });

  test('a mail joins a case by its reply token alone; another token, and a case that has closed, open new ones', async () => {
    await send();
    const { id } = await latest();
    const count = (await tickets()).length;
    const to = (token: string) => `support+${token}@${DOMAIN}`;
    const token = replyTokenOf(app.keyring, id);
    assert.equal(
      await send({ to: to(token.toUpperCase()), from: 'another@example.org', text: 'And more.' }),
      250,
    );
    const [row] = (await tickets()).filter((each) => each.id === id);
    assert.deepEqual([row?.messages_count, (await tickets()).length], [2, count]);
    const headers = { 'In-Reply-To': '<one@example.org>', References: `<${id}@example.com>` };
    assert.equal(await send({ headers, subject: `Re: ${WORD}`, text: 'By its headers.' }), 250);
    assert.equal(await send({ to: to(`${token.slice(0, -1)}0`), text: 'Guessed.' }), 250);
    assert.equal((await tickets()).length, count + 2);
    const closing = await staff(id);
    await closing.take();
    assert.equal((await closing.close()).status, 200);
    assert.equal(await send({ to: to(token), text: 'Still broken.' }), 250);
    assert.equal((await tickets()).length, count + 3);
    assert.equal((await tickets()).find((each) => each.id === id)?.state, 'closed');
  });

  test('without support there is no mailbox, and without a port there is no listener', async () => {
    assert.equal(await send({}, false), 550);
    const ground = { db: database.db, keyring: app.keyring };
    assert.deepEqual(composeInboundMail(readConfig({}), ground, desk(), log), []);
    assert.throws(() => readConfig({ SOTTO_INBOUND_SMTP_PORT: '2525' }), /SOTTO_MAIL_DOMAIN/);
    assert.throws(() => readConfig({ SOTTO_MAIL_DOMAIN: 'Not A Domain' }), /SOTTO_MAIL_DOMAIN/);
  });

  test('attachments are not kept, and staff read that there were some', async () => {
    const attachments = [{ filename: 'a.png', content: Buffer.alloc(10) }];
    assert.equal(await send({ attachments, text: 'See the picture.' }), 250);
    const looking = await staff((await latest()).id);
    await looking.take();
    assert.equal(
      (await looking.read()).body.messages[0].text,
      '[One attachment was not kept.]\n\nSee the picture.',
    );
  });

  test('an answer of staff is told to who wrote, with an address that joins the case, and without the answer', async () => {
    await mailsOf();
    await send({ text: 'Please help.' });
    const { id } = await latest();
    const answering = await staff(id);
    await answering.take();
    assert.equal((await answering.answer(`The ${WORD} is mended.`)).status, 200);
    const [mail, ...more] = await mailsOf();
    assert.ok(mail);
    assert.deepEqual([mail.to, more.length], [SENDER, 0]);
    assert.ok(mail.text.includes(encodeId('tkt', id)) && !mail.text.includes(WORD));
    const replyTo = `support+${replyTokenOf(app.keyring, id)}@${DOMAIN}`;
    assert.equal(mail.replyTo, replyTo);
    assert.equal(await send({ to: replyTo, text: 'Thank you.' }), 250);
    assert.deepEqual(
      [(await latest()).id, (await latest()).messages_count, (await latest()).state],
      [id, 3, 'waiting_for_staff'],
    );
  });

  test('an answer goes to the confirmed addresses of owners, and nowhere for a device', async () => {
    const person = await app.person({ email: 'owner@example.com' });
    const device = await app.person({ email: null });
    const { id: organisation } = await database.db.batch((tx) =>
      createWorkspace(tx, app.keyring, { kind: 'organisation', name: 'three', currency: 'EUR' }),
    );
    const memberOf = (role: 'owner' | 'viewer') => ({ memberOf: { workspaceId: organisation, role } });
    await personIn(database.db, app.keyring, { email: 'first@example.com', ...memberOf('owner') });
    await personIn(database.db, app.keyring, { email: 'second@example.com', ...memberOf('owner') });
    await personIn(database.db, app.keyring, { email: 'viewer@example.com', ...memberOf('viewer') });
    const told = async (workspaceId: string) => {
      const token = await app.issue(workspaceId, ['tickets:write', 'tickets:read']);
      const body = { subject: WORD, text: WORD, topic: 'other' };
      const made = await callOperation(app.server, createTicket, { token, body });
      assert.equal(made.status, 201, made.text);
      const answering = await staff(decodeId('tkt', made.body.id)!);
      await answering.take();
      await answering.answer('Mended.');
      return (await mailsOf()).map(({ to }) => to).sort();
    };
    assert.deepEqual(await told(person.workspaceId), ['owner@example.com']);
    assert.deepEqual(await told(organisation), ['first@example.com', 'second@example.com']);
    assert.deepEqual(await told(device.workspaceId), []);
  });

  test('under a policy that sends no mail nothing is queued, and the address of a case is nowhere once it has closed', async () => {
    const policy = await policyOf('device-app');
    const features = featuresOf(policy);
    assert.deepEqual([features.has('support_tickets'), features.has('email_accounts')], [true, false]);
    for (const name of profileNames())
      assert.ok(featuresOf(await policyOf(name)).has('support_tickets'), name);
    const address = 'persimmon.jelly@example.org';
    assert.equal(await send({ from: address, text: 'Delete what you have of me.' }), 250);
    const { id } = await latest();
    const sealed = (
      await database.sql<{ sender: Buffer }>('select sender from support.ticket where id = $1', [id])
    )[0]!.sender;
    const closing = await staff(id);
    await closing.take();
    await closing.answer('It is done.');
    const queued = Number(
      (await database.sql<{ count: string }>('select count(*) from mail.outbox'))[0]!.count,
    );
    assert.deepEqual(await mailsOf(false), []);
    assert.equal(
      Number((await database.sql<{ count: string }>('select count(*) from mail.outbox'))[0]!.count),
      queued,
    );
    assert.equal((await closing.close()).status, 200);
    const everything = await everyRow();
    for (const form of [
      address,
      address.split('@')[0]!,
      Buffer.from(address).toString('hex'),
      sealed.toString('hex'),
    ])
      assert.ok(!everything.includes(form), 'in clear, in hex, or as it was sealed');
    const place = {
      column: 'support.ticket.sender',
      rowId: id,
      ownerId: id,
      keyId: app.keyring.keyId({ class: 'identity', subjectId: id }),
    } as const;
    await app.keyring.load([place.keyId]);
    assert.equal(app.keyring.open(place, sealed).state, 'shredded', 'a copy in a backup opens no more');
  });

  test('an answer to a case that has closed meanwhile has nobody to be told', async () => {
    await database.db.batch((tx) =>
      emit(tx, replied, { ticket_id: newId(), message_id: newId(), workspace_id: null }),
    );
    assert.deepEqual(await mailsOf(), []);
  });

  /** Every row of every table, as text. */
  async function everyRow(): Promise<string> {
    const names = await database.sql<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`,
    );
    let text = '';
    for (const { name } of names)
      for (const { row } of await database.sql<{ row: string }>(`select t::text as row from ${name} t`))
        text += row;
    return text;
  }
});
