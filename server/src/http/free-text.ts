// What people write of their own accord in the bodies of requests, found by the marks of the contract; and the one thing
// that may not stand in it wherever it is written, a card number.
import type { Operation } from '@sotto/contract';
import { PERSONAL_MARK } from '@sotto/contract/personal';
import * as z from 'zod';
import { holdsCardNumber } from '#privacy/card-numbers';

/**
 * Bodies with texts that are handed on as they were written. What their senders note beside them is looked through where a
 * message is decided, since each of a batch is decided alone.
 */
const DELIVERED: ReadonlySet<string> = new Set(['messages.send', 'messages.batch', 'messages.preview']);

type Bodied = Pick<Operation, 'id' | 'request'>;

/** Made with the first body of an operation. */
const looks = new WeakMap<Bodied, Look>();

/**
 * The field of a body that holds what has the form of a card number, as a refusal names it; null when none does. The body
 * has passed the schema of its operation.
 */
export function cardNumberIn(operation: Bodied, body: unknown): string | null {
  let look = looks.get(operation);
  if (look === undefined) {
    look = lookOfOperation(operation);
    looks.set(operation, look);
  }
  return look(body, '');
}

const NOTHING_FREE: Look = () => null;

function lookOfOperation({ id, request }: Bodied): Look {
  if (request.body === undefined || DELIVERED.has(id)) return NOTHING_FREE;
  const schema = z.toJSONSchema(request.body, { io: 'input', unrepresentable: 'any' }) as Node;
  return lookOf(schema, schema.$defs ?? {}) ?? NOTHING_FREE;
}

interface Node {
  readonly $ref?: string;
  readonly $defs?: Defs;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly [PERSONAL_MARK]?: string;
}

type Look = (value: unknown, path: string) => string | null;

const FREE: ReadonlySet<string | undefined> = new Set(['content', 'note']);

type Defs = Readonly<Record<string, Node>>;

function lookOf(node: Node, defs: Defs): Look | null {
  if (FREE.has(node[PERSONAL_MARK])) return lookAtAll;
  if (node.$ref !== undefined) {
    const named = defs[node.$ref.slice(node.$ref.lastIndexOf('/') + 1)];
    return named === undefined ? null : lookOf(named, defs);
  }
  const looks = [
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])].map((inner) =>
      lookOf(inner, defs),
    ),
    lookAtFields(node, defs),
    lookAtItems(node, defs),
  ].filter((look) => look !== null);
  if (looks.length === 0) return null;
  return (value, path) => firstOf(looks, (look) => look(value, path));
}

function lookAtFields({ properties = {} }: Node, defs: Defs): Look | null {
  const fields = Object.entries(properties).flatMap(([name, inner]) => {
    const look = lookOf(inner, defs);
    return look === null ? [] : [{ name, look }];
  });
  if (fields.length === 0) return null;
  return (value, path) =>
    typeof value !== 'object' || value === null
      ? null
      : firstOf(fields, ({ name, look }) => look((value as Record<string, unknown>)[name], at(path, name)));
}

function lookAtItems({ items }: Node, defs: Defs): Look | null {
  const look = items === undefined ? null : lookOf(items, defs);
  if (look === null) return null;
  return (value, path) =>
    Array.isArray(value)
      ? firstOf([...value.entries()], ([index, item]) => look(item, `${path}[${index}]`))
      : null;
}

/** Every string in a value that is free text as a whole, names of its own entries too. */
const lookAtAll: Look = (value, path) => {
  if (typeof value === 'string') return holdsCardNumber(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  return firstOf(Object.entries(value), ([name, inner]) =>
    holdsCardNumber(name) ? path : lookAtAll(inner, path),
  );
};

function firstOf<Item>(items: readonly Item[], look: (item: Item) => string | null): string | null {
  for (const item of items) {
    const found = look(item);
    if (found !== null) return found;
  }
  return null;
}

const at = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
