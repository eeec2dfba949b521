import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { decodeId, encodeId } from '@sotto/contract';
import { createConnector } from '@sotto/contract/admin/carriers';
import {
  assignNumber,
  createNumber,
  listNumbers,
  retireNumber,
  unassignNumber,
} from '@sotto/contract/admin/numbers';
import { getInbound, listInbound } from '@sotto/contract/inbound';
import { newId } from '#platform/ids';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { COOLING_MS, createInboundSink, QUARANTINE_MS } from './numbers.ts';

describe('numbers over HTTP', () => {
  const app = useApi();
  const as = () => ({ token: app.admin });
  let connectorId = '';
  let made = 0;
  before(async () => {
    const body = { name: 'first', host: 'smpp.example.com', port: 2775, system_id: 'sotto', enabled: false };
    connectorId = (await callOperation(app.server, createConnector, { ...as(), body })).body.id;
  });

  const e164 = () => `+49155555${String(++made).padStart(5, '0')}`;
  const create = (body: object = {}, headers: Record<string, string> = {}) =>
    callOperation(app.server, createNumber, {
      ...as(),
      headers,
      body: { number: e164(), connector_id: connectorId, ...body },
    });
  const assign = (id: string, workspace_id: string) =>
    callOperation(app.server, assignNumber, { ...as(), id, body: { workspace_id } });
  const unassign = (id: string) => callOperation(app.server, unassignNumber, { ...as(), id });
  const retire = (id: string) => callOperation(app.server, retireNumber, { ...as(), id });
  const inbound = async (token: string, query: Record<string, string> = {}) =>
    (await callOperation(app.server, listInbound, { token, query })).body;
  const arrive = (to: string, text: string) =>
    createInboundSink(app.database.db, app.keyring).receive([
      {
        connectorId: decodeId('con', connectorId)!,
        from: '+4915123450001',
        to,
        text,
        octets: null,
        concat: null,
      },
    ]);

  // First, while the clock that ids are made by and the database's, which later tests move by weeks, agree.
  test('times bound the list: from the first included, to the second excluded', async () => {
    const number = (await create()).body;
    await assign(number.id, app.stranger.publicId);
    for (const text of ['one', 'two', 'three']) {
      await arrive(number.number, text);
      await app.database.advance(60_000);
    }
    const all = (await inbound(app.stranger.token)).data;
    assert.equal(all.length, 3);
    const [three, two, one] = all;
    const texts = async (query: Record<string, string>) =>
      (await inbound(app.stranger.token, query)).data.map(({ text }: { text: string }) => text);
    assert.deepEqual(await texts({ received_after: two.received_at }), ['three', 'two']);
    assert.deepEqual(await texts({ received_before: two.received_at }), ['one']);
    assert.deepEqual(await texts({ received_after: one.received_at, received_before: three.received_at }), [
      'two',
      'one',
    ]);
    const page = await inbound(app.stranger.token, { limit: '2' });
    const rest = await inbound(app.stranger.token, { limit: '2', cursor: page.next_cursor });
    assert.deepEqual([...page.data, ...rest.data], all);
    assert.equal(rest.next_cursor, null);
  });

  test('a number goes from available to leased, cooling, quarantined and back, and shows until when', async () => {
    const { status, body: number } = await create();
    assert.equal(status, 201);
    assert.deepEqual([number.status, number.workspace_id, number.assigned_at], ['available', null, null]);
    const leased = (await assign(number.id, app.shop.publicId)).body;
    assert.deepEqual([leased.status, leased.workspace_id], ['leased', app.shop.publicId]);
    assert.notEqual(leased.assigned_at, null);
    const cooling = (await unassign(number.id)).body;
    assert.deepEqual([cooling.status, cooling.workspace_id], ['cooling', app.shop.publicId]);
    assert.notEqual(cooling.available_at, null);
    const state = async () =>
      (await callOperation(app.server, listNumbers, as())).body.data.find(
        ({ id }: { id: string }) => id === number.id,
      );
    await app.database.advance(COOLING_MS + 1);
    assert.deepEqual([(await state()).status, (await state()).workspace_id], ['quarantined', null]);
    await app.database.advance(QUARANTINE_MS);
    assert.deepEqual([(await state()).status, (await state()).available_at], ['available', null]);
    assert.equal((await retire(number.id)).body.status, 'retired');
    assert.equal((await retire(number.id)).body.status, 'retired');
  });

  test('of two workspaces one gets the number, and a number someone has is not retired', async () => {
    const { id } = (await create()).body;
    const answers = await Promise.all([assign(id, app.shop.publicId), assign(id, app.stranger.publicId)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    for (const refused of [await assign(id, app.shop.publicId), await retire(id)]) {
      assert.deepEqual([refused.status, refused.body.code], [409, 'conflict']);
    }
    const free = (await create()).body.id;
    assert.equal((await unassign(free)).body.code, 'conflict');
  });

  test('a number is added once, on a connector and in a plan that exist', async () => {
    const { body } = await create({}, { 'idempotency-key': 'one-number' });
    const twice = await create({ number: body.number });
    assert.deepEqual([twice.status, twice.body.code, twice.body.field], [409, 'conflict', 'number']);
    const nowhere = await create({ connector_id: encodeId('con', newId()) });
    assert.deepEqual(
      [nowhere.status, nowhere.body.code, nowhere.body.field],
      [400, 'invalid_request', 'connector_id'],
    );
    const short = await create({ number: '+4915' });
    assert.equal(short.body.code, 'invalid_number');
    const nobody = await assign(body.id, encodeId('wrk', newId()));
    assert.deepEqual([nobody.status, nobody.body.field], [400, 'workspace_id']);
  });

  test('the list shows one status where asked', async () => {
    const query = { status: 'leased' };
    const { data } = (await callOperation(app.server, listNumbers, { ...as(), query })).body;
    assert.ok(data.length > 0);
    assert.ok(data.every(({ status }: { status: string }) => status === 'leased'));
    const wrong = await callOperation(app.server, listNumbers, { ...as(), query: { status: 'lost' } });
    assert.equal(wrong.body.code, 'invalid_request');
  });

  test('a text is read by the workspace that has the number, with its code, and by nobody else', async () => {
    const number = (await create()).body;
    await assign(number.id, app.shop.publicId);
    assert.deepEqual(await arrive(number.number, 'Your code is 481516'), ['stored']);
    const { data } = await inbound(app.shop.token);
    assert.deepEqual(
      { ...data[0], id: '', received_at: '' },
      {
        id: '',
        from: '+4915123450001',
        to: number.number,
        text: 'Your code is 481516',
        segments: 1,
        complete: true,
        code: '481516',
        received_at: '',
        retention: 'stored',
      },
    );
    assert.ok(!JSON.stringify(await inbound(app.stranger.token)).includes('481516'));
    const one = { token: app.shop.token, id: data[0].id };
    assert.deepEqual((await callOperation(app.server, getInbound, one)).body, data[0]);
    const foreign = await callOperation(app.server, getInbound, { ...one, token: app.stranger.token });
    assert.equal(foreign.status, 404);
  });

  test('a number in a text that is no certain code is not given out as one', async () => {
    const number = (await create()).body;
    await assign(number.id, app.shop.publicId);
    await arrive(number.number, '482913');
    await arrive(number.number, 'See you at room 1204');
    const { data } = await inbound(app.shop.token, { limit: '2' });
    assert.deepEqual(
      data.map(({ code, text }: { code: string | null; text: string }) => [text, code]),
      [
        ['See you at room 1204', null],
        ['482913', null],
      ],
    );
  });
});
