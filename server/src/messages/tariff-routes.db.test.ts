import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { encodeId } from '@sotto/contract';
import { createConnector } from '@sotto/contract/admin/carriers';
import { createPrice, deletePrice, listPrices, updatePrice } from '@sotto/contract/admin/prices';
import { createRoute, deleteRoute, listRoutes, updateRoute } from '@sotto/contract/admin/routes';
import { previewMessage } from '@sotto/contract/messages';
import { newId } from '#platform/ids';
import { useApi } from '../../test/api.ts';
import { type Answer, callOperation } from '../../test/route-contract.ts';

describe('prices and routes over HTTP', () => {
  const app = useApi();
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const as = () => ({ token: app.admin });
  const price = (body: object) => callOperation(app.server, createPrice, { ...as(), body });
  const route = (body: object) => callOperation(app.server, createRoute, { ...as(), body });
  const priceOf = async (to: string): Promise<Answer> =>
    callOperation(app.server, previewMessage, { token: app.shop.token, body: { to, text: 'Hello' } });
  let connectorId = '';

  before(async () => {
    const made = await callOperation(app.server, createConnector, {
      ...as(),
      body: { name: 'first', host: 'smpp.example.com', port: 2775, system_id: 'sotto', enabled: false },
    });
    connectorId = made.body.id;
    assert.equal((await route({ prefix: '', connector_id: connectorId })).status, 201);
  });

  test('a price holds for the next message, without a wait, and the longest prefix wins', async () => {
    assert.equal((await price({ prefix: '49', price: eur('0.0075') })).status, 201);
    assert.deepEqual((await priceOf('+4915123456789')).body.price, eur('0.0075'));
    assert.equal((await price({ prefix: '4915', price: eur('0.01'), cost: eur('0.004') })).status, 201);
    assert.deepEqual((await priceOf('+4915123456789')).body.price, eur('0.01'));
    assert.deepEqual((await priceOf('+4917012345678')).body.price, eur('0.0075'));
  });

  test('a changed price holds for the next message; what is left out stays', async () => {
    const { id } = (await price({ prefix: '43', price: eur('0.02'), cost: eur('0.01') })).body;
    const changed = await callOperation(app.server, updatePrice, {
      ...as(),
      id,
      body: { price: eur('0.03') },
    });
    assert.equal(changed.status, 200);
    assert.deepEqual([changed.body.price, changed.body.cost], [eur('0.03'), eur('0.01')]);
    assert.deepEqual((await priceOf('+436601234567')).body.price, eur('0.03'));
    const free = await callOperation(app.server, updatePrice, { ...as(), id, body: { cost: null } });
    assert.equal(free.body.cost, null);
    const same = await callOperation(app.server, updatePrice, { ...as(), id, body: {} });
    assert.deepEqual(same.body, free.body);
    const listed = (await callOperation(app.server, listPrices, as())).body.data;
    assert.deepEqual(listed[0], free.body);
  });

  test('one price for each prefix, class and currency', async () => {
    assert.equal((await price({ prefix: '44', price: eur('0.02') })).status, 201);
    const twice = await price({ prefix: '44', price: eur('0.03') });
    assert.deepEqual([twice.status, twice.body.code], [409, 'conflict']);
    assert.equal((await price({ prefix: '44', class: 'otp', price: eur('0.03') })).status, 201);
    assert.equal((await price({ prefix: '44', price: { amount: '0.03', currency: 'SAR' } })).status, 201);
  });

  test('amounts in two currencies, or more than a segment may cost, change nothing', async () => {
    const mixed = await price({
      prefix: '45',
      price: eur('0.02'),
      cost: { amount: '0.01', currency: 'USD' },
    });
    assert.deepEqual([mixed.status, mixed.body.field], [400, 'cost.currency']);
    const huge = await price({ prefix: '45', price: eur('999999999999') });
    assert.deepEqual([huge.status, huge.body.field], [400, 'price.amount']);
    const { id, price: before } = (await price({ prefix: '45', price: eur('0.02') })).body;
    const other = await callOperation(app.server, updatePrice, {
      ...as(),
      id,
      body: { price: { amount: '0.01', currency: 'USD' } },
    });
    assert.deepEqual([other.status, other.body.code], [409, 'conflict']);
    const [listed] = (await callOperation(app.server, listPrices, as())).body.data;
    assert.deepEqual([listed.id, listed.price], [id, before]);
  });

  test('without its price a destination is refused, and the shorter prefix serves where there is one', async () => {
    const { id } = (await price({ prefix: '33', price: eur('0.02') })).body;
    assert.equal((await priceOf('+33612345678')).status, 200);
    assert.equal((await callOperation(app.server, deletePrice, { ...as(), id })).status, 204);
    const refused = await priceOf('+33612345678');
    assert.equal(refused.body.code, 'no_price');
    assert.equal((await callOperation(app.server, deletePrice, { ...as(), id })).status, 404);
  });

  test('a route is made once for each prefix, class and connector, and shown as it was made', async () => {
    const wanted = {
      prefix: '46',
      class: 'otp',
      connector_id: connectorId,
      rank: 2,
      weight: 7,
      sender: 'Example',
    };
    const { status, body } = await route(wanted);
    assert.equal(status, 201);
    assert.deepEqual({ ...body, id: null, created_at: null }, { ...wanted, id: null, created_at: null });
    assert.equal((await route(wanted)).body.code, 'conflict');
    const changed = await callOperation(app.server, updateRoute, {
      ...as(),
      id: body.id,
      body: { weight: 9, sender: null },
    });
    assert.deepEqual(changed.body, { ...body, weight: 9, sender: null });
    assert.deepEqual((await callOperation(app.server, listRoutes, as())).body.data[0], changed.body);
    assert.equal((await callOperation(app.server, deleteRoute, { ...as(), id: body.id })).status, 204);
    assert.equal((await callOperation(app.server, deleteRoute, { ...as(), id: body.id })).status, 404);
  });

  test('a route to a connector that does not exist names the field and makes nothing', async () => {
    const refused = await route({ prefix: '47', connector_id: encodeId('con', newId()) });
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.field],
      [400, 'invalid_request', 'connector_id'],
    );
    const listed = (await callOperation(app.server, listRoutes, as())).body.data;
    assert.ok(listed.every(({ prefix }: { prefix: string }) => prefix !== '47'));
  });

  test('pages of prices give every price once, newest first', async () => {
    const page = async (query: Record<string, string>) =>
      (await callOperation(app.server, listPrices, { ...as(), query })).body;
    const all: string[] = (await page({})).data.map(({ id }: { id: string }) => id);
    assert.ok(all.length >= 5);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { data, next_cursor } = await page({ limit: '2', ...(cursor === null ? {} : { cursor }) });
      seen.push(...data.map(({ id }: { id: string }) => id));
      cursor = next_cursor;
    } while (cursor !== null);
    assert.deepEqual(seen, all);
    assert.deepEqual(all, [...all].sort().reverse());
  });
});
