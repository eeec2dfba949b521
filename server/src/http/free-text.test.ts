// A card number is refused in every field that people fill in as they like, whichever operation it belongs to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, type Operation, operations } from '@sotto/contract';
import { PERSONAL_MARK } from '@sotto/contract/personal';
import * as z from 'zod';
import { cardNumberIn } from './free-text.ts';

const CARD = '4111 1111 1111 1111';
/** Texts that are handed on as they were written; what is noted beside them is looked through by messages. */
const DELIVERED = ['messages.send', 'messages.batch', 'messages.preview', 'messages.search'];

interface Node {
  readonly [key: string]: unknown;
}

/** Where free text stands in a schema, as a way of property names and of items. */
function* places(node: Node, defs: Node, way: readonly string[] = []): Generator<readonly string[]> {
  const mark = node[PERSONAL_MARK];
  if (mark === 'content' || mark === 'note') {
    yield node.type === 'object' ? [...way, 'kept'] : way;
    return;
  }
  if (typeof node.$ref === 'string') {
    yield* places(defs[node.$ref.split('/').at(-1)!] as Node, defs, way);
  }
  for (const inner of ['anyOf', 'oneOf', 'allOf'].flatMap((name) => (node[name] ?? []) as Node[]))
    yield* places(inner, defs, way);
  for (const [name, inner] of Object.entries((node.properties ?? {}) as Node))
    yield* places(inner as Node, defs, [...way, name]);
  if (node.items) yield* places(node.items as Node, defs, [...way, '0']);
}

/** The example of an operation with a text at one place. */
function bodyWith(operation: Operation, way: readonly string[], text: string): unknown {
  const body = structuredClone(operation.examples?.body ?? {}) as Record<string, unknown>;
  let at = body;
  for (const [depth, name] of way.entries()) {
    if (depth === way.length - 1) at[name] = text;
    else {
      at[name] ??= way[depth + 1] === '0' ? [] : {};
      at = at[name] as Record<string, unknown>;
    }
  }
  return body;
}

test('in every free field of every operation', () => {
  const found: string[] = [];
  for (const operation of operations) {
    const { body: schema } = operation.request;
    if (schema === undefined || DELIVERED.includes(operation.id)) continue;
    const document = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
    for (const way of places(document, (document.$defs ?? {}) as Node)) {
      const name = `${operation.id} ${way.join('.')}`;
      const told = bodyWith(operation, way, `My card: ${CARD}`);
      const checked = check(schema, told);
      // Fields that are narrower than a card number let none in by their form.
      if (!checked.ok) continue;
      const field = cardNumberIn(operation, checked.value);
      assert.equal(
        field,
        way
          .filter((part) => part !== 'kept')
          .join('.')
          .replaceAll(/\.(\d+)/g, '[$1]'),
        name,
      );
      const harmless: ReturnType<typeof check> = check(
        schema,
        bodyWith(operation, way, 'My card: 4111 1111 1111 1112'),
      );
      assert.equal(harmless.ok && cardNumberIn(operation, harmless.value), null, name);
      found.push(name);
    }
  }
  for (const name of [
    'tickets.create subject',
    'tickets.create text',
    'tickets.reply text',
    'keys.create name',
    'workspace.update name',
    'admin.tickets.reply text',
  ])
    assert.ok(found.includes(name), `${name} of ${found.join(', ')}`);
});

test('what is no free text is left alone', () => {
  const send = operations.find(({ id }) => id === 'messages.send')!;
  assert.equal(cardNumberIn(send, { to: '+4915123456789', text: `Your card is ${CARD}.` }), null);
  const credit = operations.find(({ id }) => id === 'admin.workspaces.credit')!;
  assert.equal(cardNumberIn(credit, { amount: CARD }), null);
});
