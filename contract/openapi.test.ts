import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import { errorCodes } from './errors.ts';
import { apiVersion, buildOpenApi } from './openapi.ts';
import { type Json, SchemaCollector } from './openapi-schemas.ts';
import { operations } from './operations.ts';

const document = buildOpenApi();
const committed = readFileSync(resolve(import.meta.dirname, 'openapi.json'), 'utf8');

interface Operation {
  operationId: string;
  parameters?: (Json & { name?: string; in?: string; $ref?: string })[];
  responses: Record<string, Json>;
  security: Json[];
}

function* objectsOf(value: unknown, at = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Json];
  for (const [key, part] of Object.entries(value)) yield* objectsOf(part, `${at}/${key}`);
}

function resolveRef(ref: string): unknown {
  assert.match(ref, /^#\//);
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, step) => (node as Json | undefined)?.[step], document);
}

const described = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('contract/openapi.json is what the operations say', () => {
  const fresh = `${JSON.stringify(document, null, 2)}\n`;
  // Compared as a whole and reported as a sentence: the difference would fill the screen.
  assert.ok(committed === fresh, 'contract/openapi.json is out of date. Run: npm run openapi');
});

test('building twice gives the same document', () => {
  assert.equal(JSON.stringify(buildOpenApi()), JSON.stringify(document));
});

test('the version of the document is the version of the package', () => {
  const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, 'package.json'), 'utf8'));
  assert.equal(apiVersion, manifest.version);
  assert.match(document.openapi as string, /^3\.1\.\d+$/);
});

test('every reference resolves, and every component is referred to', () => {
  const used = new Set<string>();
  for (const [at, part] of objectsOf(document)) {
    if (typeof part.$ref !== 'string') continue;
    assert.notEqual(resolveRef(part.$ref), undefined, `${at} refers to ${part.$ref}, which is not there`);
    used.add(part.$ref);
  }
  const components = document.components as Record<string, Json>;
  for (const kind of ['schemas', 'responses', 'headers', 'parameters'] as const) {
    for (const name of Object.keys(components[kind] ?? {})) {
      assert.ok(used.has(`#/components/${kind}/${name}`), `${kind}/${name} is referred to by nothing`);
      assert.match(name, /^[A-Za-z0-9._-]+$/);
    }
  }
});

test('every operation is described once, under its own id', () => {
  assert.equal(described.length, operations.length);
  const ids = described.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const operation of operations) {
    const found = (document.paths as Record<string, Record<string, Operation>>)[operation.path]?.[
      operation.method.toLowerCase()
    ];
    assert.equal(found?.operationId, operation.id.replaceAll('.', '_'));
  }
});

test('every parameter in a path is declared, and only those', () => {
  for (const { path, operation } of described) {
    const named = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    assert.deepEqual(
      declared.map((parameter) => parameter.name),
      named,
      path,
    );
    for (const parameter of declared) assert.equal(parameter.required, true);
  }
});

test('every POST of a caller of ours offers the Idempotency-Key header and nothing else does', () => {
  const signed = new Set<string>(operations.filter((each) => each.signed).map((each) => each.path));
  for (const { path, method, operation } of described) {
    const offers = (operation.parameters ?? []).some(
      (parameter) => parameter.$ref === '#/components/parameters/IdempotencyKey',
    );
    assert.equal(offers, method === 'post' && !signed.has(path), `${method} ${path}`);
  }
});

test('every answer has the Request-Id and rate limit headers, and what may be repeated says when', () => {
  for (const { path, method, operation } of described) {
    for (const [status, response] of Object.entries(operation.responses)) {
      const whole = (typeof response.$ref === 'string' ? resolveRef(response.$ref) : response) as Json;
      const names = Object.keys(whole.headers as Json);
      for (const name of ['Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']) {
        assert.ok(names.includes(name), `${method} ${path} ${status} lacks ${name}`);
      }
      if (status === '429') assert.ok(names.includes('Retry-After'), `${method} ${path}`);
      assert.equal(typeof whole.description, 'string');
    }
  }
});

test('every refusal is a problem, and what needs a key says so', () => {
  for (const { path, operation } of described) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      const whole = (typeof response.$ref === 'string' ? resolveRef(response.$ref) : response) as {
        content: Json;
      };
      assert.ok(whole.content['application/problem+json'], `${path} ${status}`);
    }
    const isPublic = operation.security.length === 0;
    // Of what is public, signing in alone can be refused for who somebody is.
    const opens = JSON.stringify(operation.responses['401'] ?? '').includes('redentials');
    assert.equal('401' in operation.responses, !isPublic || opens, path);
    assert.ok('500' in operation.responses && '503' in operation.responses, path);
  }
});

test('every code of the catalogue has an example', () => {
  const examples = (document.components as { examples: Json }).examples;
  assert.deepEqual(Object.keys(examples), [...errorCodes]);
});

test('requests are closed and answers are open', () => {
  const schemas = (document.components as { schemas: Record<string, Json> }).schemas;
  assert.equal(schemas.SendMessage?.additionalProperties, false);
  assert.equal('additionalProperties' in (schemas.Message ?? {}), false);
  assert.equal(schemas.NonNegativeMoneyInput?.additionalProperties, false);
  assert.equal('additionalProperties' in (schemas.NonNegativeMoney ?? {}), false);
});

test('a batch is documented by the message it repeats, though items are checked one by one', () => {
  const schemas = (document.components as { schemas: Record<string, { properties: Json }> }).schemas;
  assert.deepEqual(schemas.MessageBatch?.properties.messages, {
    type: 'array',
    minItems: 1,
    maxItems: 10_000,
    items: { $ref: '#/components/schemas/SendMessage' },
  });
});

// The list below is the whole of what the API carries about persons. Taking a line away is the change under review.
test('the fields that hold personal data or secrets are exactly these (checklist 3)', () => {
  const marked = [...objectsOf((document.components as Json).schemas, 'schemas')]
    .filter(([, part]) => typeof part['x-sotto-personal'] === 'string')
    .map(([at, part]) => {
      const path = at
        .replace('schemas/', '')
        .replaceAll('/properties/', '.')
        .replaceAll(/\/anyOf\/\d+/g, '');
      return `${path} ${part['x-sotto-personal']}`;
    });
  assert.deepEqual(marked.sort(), [
    'AcceptInvitation.token secret',
    'AcceptedMessage.to number',
    'Account.email email',
    'AddIdentityDocument.content content',
    'ApiKey.name note',
    'ApiKey.networks/items network',
    'Appeal.text content',
    'Billing.address note',
    'Billing.legal_name note',
    'Billing.tax_id note',
    'ChangeEmail.email email',
    'ChangePassword.new_password secret',
    'CheckOptOuts.numbers/items number',
    'ConfirmEmailChange.token secret',
    'ConfirmSignUp.token secret',
    'ConfirmTotp.code secret',
    'CreateApiKey.name note',
    'CreateApiKey.networks/items network',
    'CreateAppeal.text content',
    'CreateConnector.password secret',
    'CreateConsent.recipient number',
    'CreateInvitation.email email',
    'CreateOptOut.number number',
    'CreateOrganisation.name note',
    'CreatePromoCode.code secret',
    'CreateTicket.subject content',
    'CreateTicket.text content',
    'CreateTicketByPhone.subject content',
    'CreateTicketByPhone.text content',
    'CreateWorkspace.name note',
    'CreatedApiKey.key secret',
    'CreatedApiKey.name note',
    'CreatedApiKey.networks/items network',
    'CreatedPromoCode.code secret',
    'DevelopmentMail.html content',
    'DevelopmentMail.subject content',
    'DevelopmentMail.text content',
    'DevelopmentMail.to email',
    'DeviceAccount.device_token secret',
    'DeviceAccount.recovery_code secret',
    'DeviceAccount.session.token secret',
    'FinishPasswordReset.new_password secret',
    'FinishPasswordReset.token secret',
    'GrantStaff.email email',
    'InboundMessage.code content',
    'InboundMessage.from number',
    'InboundMessage.text content',
    'InboundMessage.to number',
    'Invitation.email email',
    'Member.email email',
    'Message.metadata note',
    'Message.reference note',
    'Message.to number',
    'MessageDetail.metadata note',
    'MessageDetail.reference note',
    'MessageDetail.text content',
    'MessageDetail.to number',
    'MessagePreview.to number',
    'MessagePreview.transliteration.text content',
    'MessageSearch.to number',
    'OwnWorkspace.name note',
    'Passkey.name note',
    'PasskeyOptions.public_key email',
    'PresentSecondFactor.code secret',
    'PresentSecondFactor.passkey secret',
    'PresentSecondFactor.recovery_code secret',
    'Reauthenticate.code secret',
    'Reauthenticate.passkey secret',
    'Reauthenticate.password secret',
    'RecoveryCodes.recovery_codes/items secret',
    'RedeemPromoCode.code secret',
    'RegisterPasskey.credential secret',
    'RegisterPasskey.name note',
    'RenamePasskey.name note',
    'ReplyToTicket.text content',
    'ReportAppStorePurchase.signed_transaction secret',
    'ReportPlayStorePurchase.purchase_token secret',
    'RestoreDevice.recovery_code secret',
    'SecondFactorAdded.recovery_codes/items secret',
    'SendMessage.metadata note',
    'SendMessage.reference note',
    'SendMessage.text content',
    'SendMessage.to number',
    'SignIn.email email',
    'SignIn.password secret',
    'SignInDevice.device_token secret',
    'SignInPasskey.passkey secret',
    'SignUp.email email',
    'SignUp.password secret',
    'SignedIn.token secret',
    'SimulatedInbound.from number',
    'SimulatedInbound.text content',
    'SimulatedInbound.to number',
    'StaffAppeal.text content',
    'StaffIdentityCheck.workspace.name note',
    'StaffMember.email email',
    'StaffTicket.subject content',
    'StartPasswordReset.email email',
    'Ticket.subject content',
    'TicketItem.subject content',
    'TicketMessage.text content',
    'TotpEnrolment.secret secret',
    'TotpEnrolment.uri secret',
    'UpdateBilling.address note',
    'UpdateBilling.legal_name note',
    'UpdateBilling.tax_id note',
    'UpdateConnector.password secret',
    'UpdateWorkspace.name note',
    'Workspace.name note',
  ]);
});

test('a text made to be slow for a pattern takes time in proportion to its length (checklist 9)', () => {
  const patterns = new Set<string>();
  for (const [, part] of objectsOf(document))
    if (typeof part.pattern === 'string') patterns.add(part.pattern);
  const pieces = ['a', '0', '-', '.', '@', ' ', 'a.', 'a-', '0.', 'aA0', '\u{1f600}', '::', '%2f'];
  const started = performance.now();
  for (const pattern of patterns)
    for (const piece of pieces)
      for (const end of ['', '!', '\n']) new RegExp(pattern, 'u').test(piece.repeat(2_000) + end);
  // Together: a single pattern that tries every way to cut such a text would take hours.
  assert.ok(performance.now() - started < 20_000, 'one of the patterns is slow');
});

test('two different schemas under one name are refused', () => {
  const schemas = new SchemaCollector();
  schemas.answer(z.strictObject({ a: z.string() }).meta({ id: 'TwiceNamedForThisTest' }));
  assert.throws(
    () => schemas.answer(z.strictObject({ b: z.string() }).meta({ id: 'TwiceNamedForThisTest' })),
    /two different schemas are named TwiceNamedForThisTest/,
  );
});

test('whoever refers to a renamed request schema is renamed as well', () => {
  const schemas = new SchemaCollector();
  const inner = z.strictObject({ a: z.string() }).meta({ id: 'InnerForThisTest' });
  const outer = z.object({ inner }).loose().meta({ id: 'OuterForThisTest' });
  const request = schemas.request(outer);
  const answer = schemas.answer(outer);
  const components = schemas.components();
  assert.deepEqual(request, { $ref: '#/components/schemas/OuterForThisTestInput' });
  assert.deepEqual(answer, { $ref: '#/components/schemas/OuterForThisTest' });
  assert.deepEqual(Object.keys(components), [
    'InnerForThisTest',
    'InnerForThisTestInput',
    'OuterForThisTest',
    'OuterForThisTestInput',
  ]);
});

test('every pattern is one JSON Schema readers can compile, and every example matches its own', () => {
  let patterns = 0;
  for (const [at, part] of objectsOf((document.components as Json).schemas, 'schemas')) {
    if (typeof part.pattern !== 'string') continue;
    // JSON Schema 2020-12 §6.4: patterns are ECMA-262 with the u flag.
    const pattern = new RegExp(part.pattern, 'u');
    patterns++;
    for (const example of (part.examples ?? []) as string[]) assert.match(example, pattern, at);
  }
  assert.ok(patterns > 50, `only ${patterns} patterns were looked at`);
});
