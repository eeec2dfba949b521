// One way to check a value against a schema at the edge: the value, or faults that name fields in words a caller
// can act on. The refused value itself never appears in a fault.
import type * as z from 'zod';
import { type Fault, faultsMax } from './problem.ts';
import { codeOfSentence } from './sentences.ts';

export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly [Fault, ...Fault[]] };

const fieldNameMax = 100;

/** Checks a value. Pure, synchronous; faults come in the order of the schema, unknown fields last of each object. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): Checked<z.output<Schema>> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const faults = result.error.issues.flatMap(faultsOf).slice(0, faultsMax);
  return { ok: false, faults: faults as [Fault, ...Fault[]] };
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const field = fieldOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField(fieldOf([...issue.path, key])));
  }
  // Whatever kind of value was expected, nothing at all is told apart from the wrong thing.
  if (issue.input === undefined && /^invalid_(type|value|union)$/.test(issue.code)) {
    return [
      {
        field,
        code: 'invalid_request',
        message: field === '' ? 'A body is required.' : requiredMessage(field),
      },
    ];
  }
  if (issue.code === 'invalid_key') {
    // The key is the caller's text and of any length, so the object that holds it is named instead.
    return issue.issues.slice(0, 1).flatMap((inner) => faultsOf({ ...inner, path: issue.path.slice(0, -1) }));
  }
  const code = codeOfSentence(issue.message);
  return [
    {
      field,
      code: code ?? 'invalid_request',
      message: messageOf(field, code ? issue.message : plain(issue)),
    },
  ];
}

export const requiredMessage = (field: string): string => `\`${field}\` is required.`;

/** A sentence about a field; about the whole body when the path is empty. */
export const messageOf = (field: string, sentence: string): string =>
  field === '' ? `The body ${sentence}` : `\`${field}\` ${sentence}`;

/** The fault of a field no schema knows. Its name is the caller's own text, so it is cut. */
export const unknownField = (field: string): Fault => ({
  field: field.slice(0, fieldNameMax),
  code: 'unknown_field',
  message: `\`${field.slice(0, fieldNameMax)}\` is not a field of this request.`,
});

/** `["errors", 0, "field"]` as `errors[0].field`. */
export function fieldOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text.slice(0, fieldNameMax);
}

/** zod's own issues, in this document's words. */
function plain(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}.`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return bound(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, 'at most', issue.maximum);
    case 'invalid_format':
      return 'has a form it may not have.';
    case 'invalid_key':
      return 'has a key it may not have.';
    default:
      return 'has a value it may not have.';
  }
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number';
  if (expected === 'record') return 'an object';
  return /^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function bound(origin: string, side: string, limit: number | bigint): string {
  if (origin === 'string') return `must have ${side} ${limit} characters.`;
  if (origin === 'array') return `must have ${side} ${limit} items.`;
  return `must be ${side} ${limit}.`;
}
