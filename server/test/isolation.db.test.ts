// What one workspace must never learn of another: not by an id, a list, a search, a cursor or a key of a request.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { decodeId, type Operation, operations } from '@sotto/contract';
import { createConnector } from '@sotto/contract/admin/carriers';
import { createPrice } from '@sotto/contract/admin/prices';
import { createRoute } from '@sotto/contract/admin/routes';
import { creditWorkspace } from '@sotto/contract/admin/workspaces';
import { createAppeal } from '@sotto/contract/appeals';
import { createConsent, getCurrentConsents, listConsents } from '@sotto/contract/consents';
import { createIdentityCheck } from '@sotto/contract/identity-checks';
import { listInbound } from '@sotto/contract/inbound';
import { createInvoice } from '@sotto/contract/invoices';
import { createKey, listKeys } from '@sotto/contract/keys';
import { getMessage, listMessages, searchMessages, sendMessage } from '@sotto/contract/messages';
import { checkOptOuts, createOptOut, listOptOuts } from '@sotto/contract/opt-outs';
import { workspaceScopes } from '@sotto/contract/scopes';
import { createTicket } from '@sotto/contract/tickets';
import { createTopUp } from '@sotto/contract/top-ups';
import { getWallet } from '@sotto/contract/wallet';
import { addNumber, assignNumber, createInboundSink } from '#numbers';
import { useApi } from './api.ts';
import { callOperation, type Request } from './route-contract.ts';

const TO = '+4915123456789';
const OPTED_OUT = '+4915123456780';
const SECRET = 'The word is heliotrope';

describe('two workspaces of one installation', () => {
  const app = useApi();
  const asAdmin = (operation: Operation, request: Request) =>
    callOperation(app.server, operation, { token: app.admin, ...request });
  const asShop = (operation: Operation, request: Request = {}) =>
    callOperation(app.server, operation, { token: app.shop.token, ...request });
  const asStranger = (operation: Operation, request: Request = {}) =>
    callOperation(app.server, operation, { token: app.stranger.token, ...request });
  /** Ids of what the shop has, by the prefix of the id. */
  const owned = new Map<string, string>();

  before(async () => {
    const body = { name: 'first', host: 'smpp.example.com', port: 2775, system_id: 'sotto', enabled: false };
    const { id } = (await asAdmin(createConnector, { body })).body;
    await asAdmin(createRoute, { body: { prefix: '', connector_id: id } });
    await asAdmin(createPrice, { body: { prefix: '', price: { amount: '0.01', currency: 'EUR' } } });
    const credit = { amount: { amount: '10', currency: 'EUR' }, reason: 'bank_transfer' };
    await asAdmin(creditWorkspace, { id: app.shop.publicId, body: credit });
    const sent = await asShop(sendMessage, {
      body: { to: TO, text: SECRET },
      headers: { 'idempotency-key': 'k' },
    });
    assert.equal(sent.status, 202, sent.text);
    owned.set('msg', sent.body.id);
    const [connectorId, e164] = [decodeId('con', id)!, '+4915555012345'];
    await app.database.db.batch(async (tx) => {
      const added = await addNumber(tx, { e164, connectorId });
      assert.ok(added.outcome === 'done');
      await assignNumber(tx, added.number.id, app.shop.id);
    });
    await createInboundSink(app.database.db, app.keyring).receive([
      { connectorId, from: TO, to: e164, text: SECRET, octets: null, concat: null },
    ]);
    owned.set('inb', (await asShop(listInbound)).body.data[0].id);
    owned.set('opt', (await asShop(createOptOut, { body: { number: OPTED_OUT } })).body.id);
    const consent = { purpose: 'marketing', policy_hash: '0f'.repeat(32) };
    owned.set('cns', (await asShop(createConsent, { body: consent })).body.id);
    owned.set('tkt', (await asShop(createTicket, { body: { subject: SECRET, text: SECRET } })).body.id);
    const topUp = { amount: { amount: '5', currency: 'EUR' } };
    const begun = (await asShop(createTopUp, { body: topUp })).body;
    owned.set('top', begun.id);
    await app.stripe.pay(new URL(begun.checkout_url).pathname.split('/').at(-1)!);
    owned.set('inv', (await asShop(createInvoice, { body: { top_up_id: begun.id } })).body.id);
    owned.set('idc', (await asShop(createIdentityCheck, { body: { kind: 'business' } })).body.id);
    const appeal = { body: { reason: 'keys_too_often', text: SECRET } };
    owned.set('apl', (await asShop(createAppeal, appeal)).body.id);
    owned.set('key', (await asShop(createKey, { body: { name: 'shop', scopes: ['wallet:read'] } })).body.id);
  });

  const ofWorkspaces = operations.filter(({ scope }) =>
    (workspaceScopes as readonly unknown[]).includes(scope),
  );

  test("an id of the other's names nothing: 404, no data, no effect (checklist 1)", async () => {
    const withId = ofWorkspaces.filter(({ request }) => request.params !== undefined);
    assert.ok(withId.length >= 4);
    for (const operation of withId) {
      const example = (operation.request.params!.shape.id!.meta() as { examples: string[] }).examples[0]!;
      const id = owned.get(example.split('_')[0]!);
      assert.ok(id !== undefined, `${operation.id}: the shop has one of these`);
      const body = operation.request.body === undefined ? {} : { body: operation.examples?.body };
      const foreign = await asStranger(operation, { id, ...body });
      assert.deepEqual([foreign.status, foreign.body.code], [404, 'not_found'], operation.id);
      assert.ok(!foreign.text.includes('heliotrope') && !foreign.text.includes(TO));
    }
    const message = (await asShop(getMessage, { id: owned.get('msg')! })).body;
    assert.deepEqual([message.text, message.to, message.status], [SECRET, TO, 'accepted']);
    const key = (await asShop(listKeys)).body.data.find(({ id }: { id: string }) => id === owned.get('key'));
    assert.equal(key.revoked_at, null);
  });

  test("lists and searches show nothing of the other's, also with its cursors", async () => {
    for (const operation of ofWorkspaces.filter(({ method, request }) => method === 'GET' && request.query)) {
      const plain = await asStranger(operation);
      assert.equal(plain.status, 200);
      const { next_cursor: cursor } = (await asShop(operation, { query: { limit: '1' } })).body;
      const pages = [plain, ...(cursor === null ? [] : [await asStranger(operation, { query: { cursor } })])];
      for (const { text } of pages) {
        for (const id of owned.values()) assert.ok(!text.includes(id), operation.id);
        assert.ok(!text.includes('heliotrope') && !text.includes(TO), operation.id);
      }
    }
    assert.equal((await asShop(searchMessages, { body: { to: TO } })).body.data.length, 1);
    assert.equal((await asStranger(searchMessages, { body: { to: TO } })).body.data.length, 0);
  });

  test("an opt-out and a consent are of one workspace, and the other's stay as they are", async () => {
    const check = { body: { numbers: [OPTED_OUT] } };
    assert.deepEqual((await asShop(checkOptOuts, check)).body.data, [{ opted_out: true }]);
    assert.deepEqual((await asStranger(checkOptOuts, check)).body.data, [{ opted_out: false }]);
    assert.equal((await asShop(listOptOuts)).body.data.length, 1);
    const [consent] = (await asShop(listConsents)).body.data;
    assert.equal(consent.withdrawn_by, null);
    const { data } = (await asStranger(getCurrentConsents)).body;
    assert.ok(data.every(({ state }: { state: string }) => state === 'never_asked'));
  });

  test("an Idempotency-Key belongs to its workspace: the other's answer is not replayed", async () => {
    const same = { body: { to: TO, text: SECRET }, headers: { 'idempotency-key': 'k' } };
    const replayed = await asShop(sendMessage, same);
    assert.equal(replayed.body.id, owned.get('msg'));
    const foreign = await asStranger(sendMessage, same);
    assert.deepEqual([foreign.status, foreign.body.code], [402, 'insufficient_funds']);
    assert.ok(!foreign.text.includes(owned.get('msg')!));
    const created = { body: { name: 'n', scopes: ['wallet:read'] }, headers: { 'idempotency-key': 'c' } };
    const ours = await asShop(createKey, created);
    const theirs = await asStranger(createKey, created);
    assert.notEqual(ours.body.id, theirs.body.id);
    assert.notEqual(theirs.body.key, null);
  });

  test("nobody pays for the other's messages", async () => {
    assert.equal((await asStranger(getWallet)).body.held.amount, '0.00');
    assert.equal((await asShop(getWallet)).body.held.amount, '0.01');
    assert.equal((await asStranger(listMessages)).body.data.length, 0);
  });

  test('an administrator reads no content and no keys of a workspace', async () => {
    for (const operation of ofWorkspaces) {
      const body = operation.request.body === undefined ? {} : { body: operation.examples?.body };
      const refused = await asAdmin(operation, { id: owned.get('msg')!, ...body });
      assert.deepEqual([refused.status, refused.body.code], [403, 'scope_missing'], operation.id);
    }
  });
});
