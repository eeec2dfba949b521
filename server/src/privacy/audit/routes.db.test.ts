// The trail over HTTP: what requests leave in it, and who reads it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { listAudit } from '@sotto/contract/admin/audit';
import { createConnector, deleteConnector, updateConnector } from '@sotto/contract/admin/carriers';
import { assignNumber, createNumber, retireNumber, unassignNumber } from '@sotto/contract/admin/numbers';
import { createPrice, deletePrice, updatePrice } from '@sotto/contract/admin/prices';
import { createRoute, deleteRoute, updateRoute } from '@sotto/contract/admin/routes';
import { createWorkspace, creditWorkspace } from '@sotto/contract/admin/workspaces';
import { createConsent, getCurrentConsents, withdrawConsent } from '@sotto/contract/consents';
import { createKey, revokeKey } from '@sotto/contract/keys';
import { deleteMessage, sendMessage } from '@sotto/contract/messages';
import { createOptOut } from '@sotto/contract/opt-outs';
import { useApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';
import { sealEntries } from './seal-entries.ts';

interface Shown {
  readonly id: string;
  readonly action: string;
  readonly recorded_at: string;
  readonly actor: { readonly kind: string; readonly pseudonym: string | null };
  readonly object: { readonly kind: string; readonly pseudonym: string } | null;
  readonly request_id: string | null;
  readonly sequence: string | null;
}

describe('the audit trail over HTTP', () => {
  const app = useApi();
  const asAdmin = (operation: Parameters<typeof callOperation>[1], request: object = {}) =>
    callOperation(app.server, operation, { token: app.admin, ...request });
  const asShop = (operation: Parameters<typeof callOperation>[1], request: object = {}) =>
    callOperation(app.server, operation, { token: app.shop.token, ...request });
  const list = async (query: Record<string, string> = {}): Promise<Shown[]> =>
    (await asAdmin(listAudit, { query: { limit: '200', ...query } })).body.data;
  let begun = '';
  const requests = new Map<string, string>();

  before(async () => {
    begun = (await list())[0]!.id;
    const note = async (name: string, answer: ReturnType<typeof callOperation>) => {
      const { status, text, body, headers } = await answer;
      assert.ok(status < 300, text);
      requests.set(name, String(headers['request-id']));
      return body?.id as string;
    };
    const eur = (amount: string) => ({ amount, currency: 'EUR' });
    const connector = { name: 'one', host: 'smpp.example.com', port: 2775, system_id: 's', enabled: false };
    const con = await note('connector.created', asAdmin(createConnector, { body: connector }));
    await note('connector.changed', asAdmin(updateConnector, { id: con, body: { binds: 2 } }));
    const rte = await note(
      'route.created',
      asAdmin(createRoute, { body: { prefix: '', connector_id: con } }),
    );
    await note('route.changed', asAdmin(updateRoute, { id: rte, body: { weight: 3 } }));
    const price = { prefix: '', price: eur('0.01') };
    const prc = await note('price.created', asAdmin(createPrice, { body: price }));
    await note('price.changed', asAdmin(updatePrice, { id: prc, body: { price: eur('0.02') } }));
    await note('workspace.created', asAdmin(createWorkspace, { body: { name: 'New', currency: 'EUR' } }));
    const credit = { amount: eur('5'), reason: 'bank_transfer' };
    await note('workspace.credited', asAdmin(creditWorkspace, { id: app.shop.publicId, body: credit }));
    const test = await app.issue(app.shop.id, ['messages:send', 'messages:erase'], 'test');
    const body = { to: '+4915123456789', text: 'Hello' };
    const msg = (await callOperation(app.server, sendMessage, { token: test, body })).body.id as string;
    await note('message.erased', asShop(deleteMessage, { id: msg }));
    const key = await note(
      'api_key.created',
      asShop(createKey, { body: { name: 'k', scopes: ['wallet:read'] } }),
    );
    await note('api_key.revoked', asShop(revokeKey, { id: key }));
    await asShop(revokeKey, { id: key });
    await note('price.deleted', asAdmin(deletePrice, { id: prc }));
    const num = await note(
      'number.created',
      asAdmin(createNumber, { body: { number: '+4915555500001', connector_id: con } }),
    );
    await note(
      'number.assigned',
      asAdmin(assignNumber, { id: num, body: { workspace_id: app.shop.publicId } }),
    );
    await note('number.unassigned', asAdmin(unassignNumber, { id: num }));
    const spare = (await asAdmin(createNumber, { body: { number: '+4915555500002', connector_id: con } }))
      .body.id as string;
    await note('number.retired', asAdmin(retireNumber, { id: spare }));
    await note('suppression.added', asShop(createOptOut, { body: { number: '+4915123456780' } }));
    const consent = { purpose: 'marketing', policy_hash: '0f'.repeat(32), recipient: '+4915123456781' };
    const cns = await note('consent.given', asShop(createConsent, { body: consent }));
    await note('consent.withdrawn', asShop(withdrawConsent, { id: cns, body: {} }));
    await note('consent.objected', asShop(getCurrentConsents, { headers: { 'sec-gpc': '1' } }));
    await note('route.deleted', asAdmin(deleteRoute, { id: rte }));
    const idle = { ...connector, name: 'two' };
    const second = (await asAdmin(createConnector, { body: idle })).body.id as string;
    await note('connector.deleted', asAdmin(deleteConnector, { id: second }));
  });

  const since = async () => (await list()).filter(({ id }) => id > begun);

  test('every change leaves one entry with its request, and a request that changes nothing leaves none', async () => {
    const found = await since();
    for (const [action, request] of requests) {
      const own = found.filter((entry) => entry.action === action && entry.request_id === request);
      assert.equal(own.length, 1, action);
      const byCustomer = /^(api_key|message|suppression|consent)\./.test(action);
      assert.equal(own[0]!.actor.kind, byCustomer ? 'customer_key' : 'staff', action);
      assert.notEqual(own[0]!.actor.pseudonym, null);
    }
    // Four more: the test key the operator issued, a spare number, a second connector, and the objection that a
    // withdrawal from marketing brings.
    assert.equal(found.length, requests.size + 4);
  });

  test('one actor and one thing have one pseudonym each, which is not their id', async () => {
    const found = await since();
    const of = (action: string) => found.find((entry) => entry.action === action)!;
    assert.equal(of('connector.created').actor.pseudonym, of('price.deleted').actor.pseudonym);
    assert.equal(of('route.created').object?.pseudonym, of('route.deleted').object?.pseudonym);
    assert.notEqual(of('connector.created').object?.pseudonym, of('route.created').object?.pseudonym);
    const text = JSON.stringify(found);
    for (const id of [app.shop.id, app.shop.publicId, '+4915123456789', 'Hello', 'bank_transfer']) {
      assert.ok(!text.includes(id), id);
    }
  });

  test('an entry shows its place once it is sealed', async () => {
    assert.ok((await list()).every(({ sequence }) => sequence === null));
    while ((await sealEntries(app.database.db, app.keyring)).more);
    const places = (await list()).map(({ sequence }) => Number(sequence));
    assert.deepEqual(
      places,
      places.map((_, at) => places.length - at),
    );
  });

  test('pages give every entry once, newest first, and filters by action and time hold', async () => {
    const all = await list();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { body: { data: Shown[]; next_cursor: string | null } } = await asAdmin(listAudit, {
        query: { limit: '3', ...(cursor === null ? {} : { cursor }) },
      });
      seen.push(...page.body.data.map(({ id }) => id));
      cursor = page.body.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(
      seen,
      all.map(({ id }) => id),
    );
    const revoked = await list({ action: 'api_key.revoked' });
    assert.deepEqual(
      revoked.map(({ action }) => action),
      ['api_key.revoked'],
    );
    const at = new Date(revoked[0]!.recorded_at).getTime();
    const instant = (ms: number) => new Date(ms).toISOString();
    assert.equal((await list({ action: 'api_key.revoked', recorded_after: instant(at + 1) })).length, 0);
    assert.equal((await list({ action: 'api_key.revoked', recorded_before: instant(at) })).length, 0);
    const around = { recorded_after: instant(at), recorded_before: instant(at + 1) };
    assert.ok((await list(around)).some(({ id }) => id === revoked[0]!.id));
  });

  test('an action that is none is refused with its field', async () => {
    const refused = await asAdmin(listAudit, { query: { action: 'somebody.did_something' } });
    assert.deepEqual([refused.status, refused.body.field], [400, 'action']);
  });
});
