// What people choose to write: private content wherever it stands, sealed under a key that can be destroyed, and bounded
// where it enters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@sotto/contract';
import * as z from 'zod';
import { dataMap } from '../src/main/data-map.ts';

/** Sealed columns whose words are not written freely: names, numbers, addresses, secrets and values of our own. */
const NO_FREE_TEXT = [
  'accounts.passkey.name',
  'accounts.api_key.name',
  'accounts.invitation.email',
  'accounts.link.email',
  'accounts.organisation.name',
  'accounts.password.hash',
  'accounts.person.email',
  'accounts.sign_up.email',
  'accounts.sign_up.password_hash',
  'accounts.totp.secret',
  'accounts.workspace.name',
  'carriers.connector.password',
  'identity.document_chunk.content',
  'mail.outbox.address',
  'mail.outbox.params',
  'messages.message.recipient',
  'messages.parked_receipt.destination',
  'numbers.inbound.sender',
  'numbers.inbound_set.sender',
  'payments.billing_details.details',
  'payments.invoice.buyer',
  'platform.idempotency.answer',
  'privacy.audit_entry.payload',
];

test('no column of free text has another category than private content, and none stands in clear', () => {
  const free: string[] = [];
  for (const [name, tag] of dataMap.columns) {
    if (tag.protection === 'none' || tag.protection === 'json') continue;
    const isPrivate = tag.category.startsWith('user.content.private');
    if (isPrivate) assert.equal(tag.protection, 'sealed', name);
    if (tag.protection !== 'sealed' || NO_FREE_TEXT.includes(name)) continue;
    assert.ok(isPrivate, `${name} is sealed as ${tag.category}: if it is no free text, list it here`);
    assert.ok(tag.sealedUnder !== 'operator' && tag.sealedUnder !== 'billing', `${name} dies with its owner`);
    free.push(name);
  }
  for (const name of ['messages.message.annotations', 'support.ticket.subject', 'support.message.body'])
    assert.ok(free.includes(name), name);
});

test('every text that somebody may write of their own accord is bounded where it enters', () => {
  let found = 0;
  for (const { id, request } of operations) {
    if (!request.body) continue;
    for (const { path, node } of marked(
      z.toJSONSchema(request.body, { io: 'input', unrepresentable: 'any' }),
    )) {
      found += 1;
      for (const leaf of leaves(node))
        assert.ok(leaf.maxLength !== undefined || leaf.pattern !== undefined, `${id}: ${path} has no bound`);
    }
  }
  assert.ok(found >= 8);
});

interface Node {
  readonly [key: string]: unknown;
  readonly type?: string;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** Parts of a schema that carry the mark of content or of a note. */
function* marked(node: unknown, path = ''): Generator<{ path: string; node: Node }> {
  if (typeof node !== 'object' || node === null) return;
  const { 'x-sotto-personal': mark } = node as Node;
  if (mark === 'content' || mark === 'note') yield { path, node: node as Node };
  else for (const [key, inner] of Object.entries(node)) yield* marked(inner, `${path}/${key}`);
}

/** The strings inside a schema. */
function* leaves(node: unknown): Generator<Node> {
  if (typeof node !== 'object' || node === null) return;
  if ((node as Node).type === 'string') yield node as Node;
  else for (const inner of Object.values(node)) yield* leaves(inner);
}
