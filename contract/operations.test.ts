import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { check } from './check.ts';
import { operation, takesIdempotencyKey } from './operation.ts';
import { api, isOperation, type OperationTree, operations } from './operations.ts';
import { accountScopes, memberScopes, scopes } from './scopes.ts';

function* paths(tree: OperationTree, way: string[] = []): Generator<[string, string]> {
  for (const [name, node] of Object.entries(tree)) {
    if (isOperation(node)) yield [[...way, name].join('.'), node.id];
    else yield* paths(node, [...way, name]);
  }
}

test('the id of every operation is its way in the tree', () => {
  for (const [way, id] of paths(api)) assert.equal(id, way);
});

test('no two operations share an id, or a method and path', () => {
  const ids = operations.map((operation) => operation.id);
  assert.equal(new Set(ids).size, ids.length);
  // A parameter matches any segment only where no fixed one stands, so the shape decides.
  const addresses = operations.map(
    (operation) => `${operation.method} ${operation.path.replace(/\{[^}]+\}/g, '{}')}`,
  );
  assert.equal(new Set(addresses).size, addresses.length);
});

test('the public surface is exactly this', () => {
  assert.deepEqual(
    operations.map((operation) => `${operation.method} ${operation.path} ${operation.scope ?? 'public'}`),
    [
      'POST /v1/messages messages:send',
      'POST /v1/messages/batch messages:send',
      'POST /v1/messages/preview messages:send',
      'GET /v1/messages messages:read',
      'POST /v1/messages/search messages:read',
      'GET /v1/messages/{id} messages:read',
      'POST /v1/messages/{id}/cancel messages:send',
      'DELETE /v1/messages/{id} messages:erase',
      'GET /v1/inbound inbound:read',
      'GET /v1/inbound/{id} inbound:read',
      'GET /v1/policy public',
      'GET /v1/policy/promises public',
      'GET /privacy public',
      'GET /v1/opt-outs opt_outs:read',
      'POST /v1/opt-outs opt_outs:write',
      'POST /v1/opt-outs/check opt_outs:read',
      'DELETE /v1/opt-outs/{id} opt_outs:write',
      'GET /v1/consents consents:read',
      'GET /v1/consents/current consents:read',
      'POST /v1/consents consents:write',
      'POST /v1/consents/{id}/withdraw consents:write',
      'GET /v1/wallet wallet:read',
      'GET /v1/wallet/entries wallet:read',
      'GET /v1/wallet/statements wallet:read',
      'GET /v1/wallet/settings payments:read',
      'PATCH /v1/wallet/settings payments:write',
      'GET /v1/tickets tickets:read',
      'POST /v1/tickets tickets:write',
      'GET /v1/tickets/{id} tickets:read',
      'POST /v1/tickets/{id}/reply tickets:write',
      'POST /v1/tickets/{id}/close tickets:write',
      'GET /v1/identity-checks identity:read',
      'POST /v1/identity-checks identity:write',
      'GET /v1/identity-checks/{id} identity:read',
      'POST /v1/identity-checks/{id}/documents identity:write',
      'POST /v1/identity-checks/{id}/submit identity:write',
      'POST /v1/identity-checks/{id}/withdraw identity:write',
      'GET /v1/wallet/auto-top-up payments:read',
      'PUT /v1/wallet/auto-top-up payments:automate',
      'POST /v1/wallet/auto-top-up/card payments:automate',
      'DELETE /v1/wallet/auto-top-up payments:write',
      'POST /v1/wallet/store-purchases/app-store payments:write',
      'POST /v1/wallet/store-purchases/play-store payments:write',
      'POST /v1/wallet/top-ups payments:write',
      'GET /v1/wallet/top-ups payments:read',
      'GET /v1/wallet/top-ups/{id} payments:read',
      'POST /v1/wallet/promo-codes/redeem payments:write',
      'GET /v1/wallet/referral payments:read',
      'POST /v1/wallet/referral payments:write',
      'GET /v1/plans payments:read',
      'GET /v1/subscription payments:read',
      'POST /v1/subscription payments:write',
      'POST /v1/subscription/change payments:write',
      'POST /v1/subscription/cancel payments:write',
      'POST /v1/subscription/resume payments:write',
      'GET /v1/invoices invoices:read',
      'POST /v1/invoices invoices:write',
      'GET /v1/invoices/{id} invoices:read',
      'GET /v1/invoices/{id}/page invoices:read',
      'GET /v1/workspace/billing invoices:read',
      'PATCH /v1/workspace/billing invoices:write',
      'POST /v1/payment-notices/stripe public',
      'POST /v1/payment-notices/btcpay public',
      'POST /v1/payment-notices/revenuecat public',
      'POST /v1/payment-notices/app-store public',
      'POST /v1/payment-notices/play-store public',
      'GET /v1/keys keys:read',
      'POST /v1/keys keys:write',
      'POST /v1/keys/{id}/rotate keys:write',
      'POST /v1/keys/{id}/revoke keys:write',
      'GET /v1/workspace workspace:read',
      'PATCH /v1/workspace workspace:write',
      'POST /v1/workspace/close workspace:close',
      'GET /v1/members members:read',
      'PATCH /v1/members/{id} members:write',
      'DELETE /v1/members/{id} members:write',
      'GET /v1/invitations members:read',
      'POST /v1/invitations members:write',
      'DELETE /v1/invitations/{id} members:write',
      'POST /v1/invitations/accept account:write',
      'GET /v1/appeals tickets:read',
      'POST /v1/appeals tickets:write',
      'GET /v1/appeals/{id} tickets:read',
      'POST /v1/sign-ups public',
      'POST /v1/sign-ups/confirm public',
      'POST /v1/sessions public',
      'POST /v1/sessions/passkey/options public',
      'POST /v1/sessions/passkey public',
      'POST /v1/sessions/second-factor/options account:finish',
      'POST /v1/sessions/second-factor account:finish',
      'GET /v1/sessions account:read',
      'POST /v1/sessions/{id}/revoke account:write',
      'POST /v1/sessions/revoke-others account:write',
      'POST /v1/sessions/reauthenticate account:write',
      'DELETE /v1/sessions/current account:finish',
      'POST /v1/password-resets public',
      'POST /v1/password-resets/finish public',
      'POST /v1/devices/challenges public',
      'POST /v1/devices public',
      'POST /v1/devices/sessions public',
      'POST /v1/devices/restore public',
      'GET /v1/account account:read',
      'PATCH /v1/account account:write',
      'POST /v1/account/password account:secure',
      'POST /v1/account/email account:secure',
      'POST /v1/account/email/confirm public',
      'DELETE /v1/account account:secure',
      'GET /v1/account/second-factors account:read',
      'POST /v1/account/totp account:secure',
      'POST /v1/account/totp/confirm account:secure',
      'DELETE /v1/account/totp account:secure',
      'POST /v1/account/recovery-codes account:secure',
      'POST /v1/account/passkeys/options account:secure',
      'POST /v1/account/passkeys account:secure',
      'PATCH /v1/account/passkeys/{id} account:write',
      'DELETE /v1/account/passkeys/{id} account:secure',
      'POST /v1/organisations account:write',
      'POST /v1/organisations/{id}/leave account:write',
      'GET /v1/agreements/data-processing public',
      'GET /v1/agreements/data-processing/acceptance workspace:read',
      'POST /v1/agreements/data-processing/accept agreements:accept',
      'GET /v1/admin/carriers admin:carriers',
      'POST /v1/admin/carriers admin:carriers',
      'PATCH /v1/admin/carriers/{id} admin:carriers',
      'DELETE /v1/admin/carriers/{id} admin:carriers',
      'GET /v1/admin/carriers/{id}/health admin:carriers',
      'GET /v1/admin/routes admin:routes',
      'POST /v1/admin/routes admin:routes',
      'PATCH /v1/admin/routes/{id} admin:routes',
      'DELETE /v1/admin/routes/{id} admin:routes',
      'GET /v1/admin/prices admin:prices',
      'POST /v1/admin/prices admin:prices',
      'PATCH /v1/admin/prices/{id} admin:prices',
      'DELETE /v1/admin/prices/{id} admin:prices',
      'GET /v1/admin/numbers admin:numbers',
      'POST /v1/admin/numbers admin:numbers',
      'POST /v1/admin/numbers/{id}/assign admin:numbers',
      'POST /v1/admin/numbers/{id}/unassign admin:numbers',
      'POST /v1/admin/numbers/{id}/retire admin:numbers',
      'GET /v1/admin/workspaces admin:workspaces',
      'POST /v1/admin/workspaces admin:workspaces',
      'POST /v1/admin/workspaces/{id}/credit admin:workspaces',
      'GET /v1/admin/staff admin:staff',
      'POST /v1/admin/staff admin:staff',
      'DELETE /v1/admin/staff/{id} admin:staff',
      'GET /v1/admin/tickets admin:tickets',
      'POST /v1/admin/tickets admin:tickets',
      'POST /v1/admin/tickets/{id}/take admin:tickets',
      'GET /v1/admin/tickets/{id} admin:tickets',
      'POST /v1/admin/tickets/{id}/reply admin:tickets',
      'POST /v1/admin/tickets/{id}/note admin:tickets',
      'POST /v1/admin/tickets/{id}/close admin:tickets',
      'GET /v1/admin/identity-checks admin:identity',
      'POST /v1/admin/identity-checks/{id}/take admin:identity',
      'GET /v1/admin/identity-checks/{id} admin:identity',
      'GET /v1/admin/identity-documents/{id} admin:identity',
      'POST /v1/admin/identity-checks/{id}/approve admin:identity',
      'POST /v1/admin/identity-checks/{id}/reject admin:identity',
      'GET /v1/admin/plans admin:prices',
      'POST /v1/admin/plans admin:prices',
      'POST /v1/admin/plans/{id}/retire admin:prices',
      'GET /v1/admin/exchange-rates admin:prices',
      'POST /v1/admin/exchange-rates admin:prices',
      'GET /v1/admin/payments admin:payments',
      'POST /v1/admin/payments/{id}/refund admin:payments',
      'POST /v1/admin/payments/{id}/approve admin:payments',
      'GET /v1/admin/appeals admin:abuse',
      'GET /v1/admin/appeals/{id} admin:abuse',
      'POST /v1/admin/appeals/{id}/decide admin:abuse',
      'GET /v1/admin/bank-transfers admin:payments',
      'POST /v1/admin/bank-transfers admin:payments',
      'POST /v1/admin/bank-transfers/{id}/approve admin:payments',
      'POST /v1/admin/bank-transfers/{id}/reject admin:payments',
      'GET /v1/admin/agreements admin:agreements',
      'POST /v1/admin/agreements admin:agreements',
      'GET /v1/admin/agreements/{id}/acceptances admin:agreements',
      'GET /v1/admin/promo-codes admin:payments',
      'POST /v1/admin/promo-codes admin:payments',
      'POST /v1/admin/promo-codes/{id}/end admin:payments',
      'GET /v1/admin/jobs/dead admin:jobs',
      'POST /v1/admin/jobs/{id}/replay admin:jobs',
      'GET /v1/admin/audit admin:audit',
      'GET /v1/admin/usage admin:telemetry',
      'GET /v1/admin/error-reports admin:telemetry',
      'POST /v1/simulator/inbound admin:simulator',
      'POST /v1/simulator/behaviour admin:simulator',
      'GET /v1/simulator/mails admin:simulator',
      'GET /healthz public',
      'GET /readyz public',
      'GET /openapi.json public',
      'GET /docs public',
      'GET /docs/errors public',
      'GET /metrics metrics:read',
    ],
  );
});

test('every scope opens at least one operation, and under /v1 only what was promised is public', () => {
  const used = new Set(operations.map((operation) => operation.scope));
  for (const scope of [...scopes, ...memberScopes, ...accountScopes])
    assert.ok(used.has(scope), `${scope} opens nothing`);
  const isPromised = (path: string) =>
    /^\/v1\/(policy|sign-ups|sessions|devices|password-resets|account\/email\/confirm)(\/|$)/.test(path) ||
    path === '/v1/agreements/data-processing';
  for (const operation of operations)
    if (operation.path.startsWith('/v1/') && !isPromised(operation.path) && !operation.signed)
      assert.notEqual(operation.scope, null, operation.id);
  for (const operation of operations) {
    if (operation.path.startsWith('/v1/admin/') || operation.path.startsWith('/v1/simulator/')) {
      assert.match(operation.scope ?? '', /^admin:/, `${operation.id} is open to customers`);
    }
  }
});

test('every query parameter may be left out, so that the SDK may too', () => {
  for (const operation of operations) {
    if (operation.request.query) assert.equal(check(operation.request.query, {}).ok, true, operation.id);
  }
});

test('no number, text or secret travels in an address (checklist 34)', () => {
  for (const operation of operations) {
    const json = JSON.stringify(
      operation.request.query ? z.toJSONSchema(operation.request.query, { io: 'output' }) : {},
    );
    assert.ok(!json.includes('x-sotto-personal'), operation.id);
    assert.doesNotMatch(operation.path, /\{(?!id\})/, operation.id);
  }
});

test('examples pass the schemas they illustrate', () => {
  for (const operation of operations) {
    const { body, answer } = operation.examples ?? {};
    if (operation.request.body)
      assert.ok(body !== undefined, `${operation.id} takes a body and shows no example`);
    if (operation.request.body)
      assert.equal(check(operation.request.body, body).ok, true, `${operation.id}: body`);
    const schema = operation.responses[200] ?? operation.responses[201] ?? operation.responses[202];
    if (answer !== undefined && schema)
      assert.deepEqual(check(schema, answer), { ok: true, value: answer }, operation.id);
  }
});

test('every POST of a caller of ours takes an Idempotency-Key and nothing else does', () => {
  for (const operation of operations)
    assert.equal(takesIdempotencyKey(operation), operation.method === 'POST' && !operation.signed);
});

test('answers are closed, so that the server cannot leak a field nobody declared (checklist 3)', () => {
  for (const operation of operations) {
    for (const [status, schema] of Object.entries(operation.responses)) {
      if (!(schema instanceof z.ZodObject)) continue;
      const faults = check(schema, { surely_undeclared: 1 });
      assert.ok(
        !faults.ok && faults.faults.some((fault) => fault.code === 'unknown_field'),
        `${operation.id} ${status}`,
      );
    }
  }
});

test('an operation that contradicts itself does not load', () => {
  const base = {
    id: 'x.y',
    method: 'GET',
    path: '/v1/x',
    scope: null,
    summary: '',
    description: '',
    purpose: 'service',
    request: {},
    responses: {},
    errors: [],
    idempotent: true,
  } as const;
  const params = z.strictObject({ id: z.string() });
  assert.throws(() => operation({ ...base, path: '/v1/x/{id}' }), /path names \[id\]/);
  assert.throws(() => operation({ ...base, request: { params } }), /params declare \[id\]/);
  assert.throws(() => operation({ ...base, request: { body: params } }), /GET takes no body/);
  assert.throws(
    () => operation({ ...base, method: 'POST', request: { body: params, query: params } }),
    /a body and a query/,
  );
  assert.throws(() => operation({ ...base, idempotent: false }), /GET changes nothing/);
  assert.throws(
    () => operation({ ...base, signed: { headers: ['x'] } }),
    /a signed body comes by a public POST/,
  );
  assert.throws(
    () =>
      operation({
        ...base,
        path: '/v1/{a}/{b}',
        request: { params: z.strictObject({ a: z.string(), b: z.string() }) },
      }),
    /at most one parameter/,
  );
});
