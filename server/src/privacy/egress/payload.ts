// What a request carries, as the fields it names. A field that is not declared stops the request: a new key in a
// payload is a new disclosure, and a disclosure nobody declared is what the policy says does not happen.
import { EgressRefusal, type Recipient } from './recipients.ts';

export type Body =
  | { readonly json: object }
  /** JSON already written, where a signature covers its bytes. */
  | { readonly jsonText: string }
  /** Objects, one a line; the fields of each are checked. The recipient's own media type goes into the headers. */
  | { readonly jsonLines: readonly object[] }
  | { readonly form: Readonly<Record<string, string>> };

/** Headers HTTP itself needs; a recipient does not have to declare them. */
const PLAIN_HEADERS = new Set(['accept', 'content-type', 'user-agent']);
/** Headers that would change where a request goes or how it is framed. Nobody can declare them. */
const RESERVED_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const DEPTH_MAX = 16;

/** The paths of a payload's leaves: `to`, `message.text`, `items[].id`. An empty object or list counts as a leaf. */
export function fieldsOf(value: unknown, path = '', depth = 0): string[] {
  if (depth > DEPTH_MAX) throw new EgressRefusal('E-REC-PAYLOAD', 'the payload is nested too deeply');
  if (Array.isArray(value)) {
    if (value.length === 0) return path === '' ? [] : [path];
    // A list of plain values is the field itself; of objects, each of their fields.
    return value.flatMap((item) => fieldsOf(item, isPlain(item) ? path : `${path}[]`, depth + 1));
  }
  if (isPlain(value)) return [path];
  const entries = Object.entries(value as object);
  if (entries.length === 0) return path === '' ? [] : [path];
  return entries.flatMap(([key, item]) => fieldsOf(item, path === '' ? key : `${path}.${key}`, depth + 1));
}

const isPlain = (value: unknown) => typeof value !== 'object' || value === null;

function isDeclared(recipient: Recipient, field: string): boolean {
  return recipient.fields.some(
    (declared) =>
      declared === field ||
      (declared.endsWith('.*') &&
        (field === declared.slice(0, -2) || field.startsWith(declared.slice(0, -1)))),
  );
}

/** Refuses a query, body or header the recipient does not declare. */
export function refuseUndeclaredPayload(
  name: string,
  recipient: Recipient,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Body | undefined,
): void {
  const fields = [...url.searchParams.keys(), ...bodyFields(name, body)];
  const surplus = fields.find((field) => !isDeclared(recipient, field));
  if (surplus !== undefined) {
    throw new EgressRefusal('E-REC-PAYLOAD', `${name} does not declare the field "${surplus.slice(0, 100)}"`);
  }
  for (const header of Object.keys(headers).map((each) => each.toLowerCase())) {
    if (RESERVED_HEADERS.has(header) || !(PLAIN_HEADERS.has(header) || recipient.headers?.includes(header))) {
      throw new EgressRefusal(
        'E-REC-PAYLOAD',
        `${name} does not declare the header "${header.slice(0, 100)}"`,
      );
    }
  }
}

function bodyFields(name: string, body: Body | undefined): string[] {
  if (!body) return [];
  if ('form' in body) return Object.keys(body.form);
  if ('json' in body) return fieldsOf(JSON.parse(JSON.stringify(body.json)));
  if ('jsonLines' in body)
    return body.jsonLines.flatMap((line) => fieldsOf(JSON.parse(JSON.stringify(line))));
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.jsonText);
  } catch {
    throw new EgressRefusal(
      'E-REC-PAYLOAD',
      `${name}: the body is not JSON, so its fields cannot be checked`,
    );
  }
  if (isPlain(parsed)) throw new EgressRefusal('E-REC-PAYLOAD', `${name}: a body is an object or a list`);
  return fieldsOf(parsed);
}

/** The bytes of a body and its type. */
export function encodeBody(body: Body): { readonly bytes: Buffer; readonly type: string } {
  if ('form' in body) {
    return {
      bytes: Buffer.from(new URLSearchParams(body.form).toString()),
      type: 'application/x-www-form-urlencoded',
    };
  }
  if ('jsonLines' in body) {
    return {
      bytes: Buffer.from(body.jsonLines.map((line) => `${JSON.stringify(line)}\n`).join('')),
      type: 'application/x-ndjson',
    };
  }
  return {
    bytes: Buffer.from('json' in body ? JSON.stringify(body.json) : body.jsonText),
    type: 'application/json',
  };
}
