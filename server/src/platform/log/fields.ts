// What a log line may hold: a closed set of names, each of a kind. There is no kind for free text, so a phone
// number, an address, a key or a message's text has no field to travel in; what slips into a field of another
// kind is caught at run time (scrub.ts). Add a name here when a context needs one; never add a kind for text.
import type { Branded } from '../brand.ts';

/** An id that was checked: a UUID or a public id such as `msg_01jd...`. Made by `id()`. */
export type LogId = Branded<string, 'LogId'>;
/** A word of our own or of the operator's configuration, checked: a connector, a job, a route. Made by `word()`. */
export type LogWord = Branded<string, 'LogWord'>;

export const FIELD_KINDS = {
  accountId: 'id',
  connectorId: 'id',
  eventId: 'id',
  holdId: 'id',
  jobId: 'id',
  keyId: 'id',
  messageId: 'id',
  numberId: 'id',
  partId: 'id',
  requestId: 'id',
  routeId: 'id',
  sessionId: 'id',
  subjectId: 'id',
  workspaceId: 'id',

  action: 'word',
  check: 'word',
  code: 'word',
  component: 'word',
  connector: 'word',
  errorClass: 'word',
  event: 'word',
  field: 'word',
  host: 'word',
  job: 'word',
  kind: 'word',
  messageClass: 'word',
  method: 'word',
  mode: 'word',
  operation: 'word',
  outcome: 'word',
  pdu: 'word',
  policy: 'word',
  promise: 'word',
  purpose: 'word',
  reason: 'word',
  recipient: 'word',
  role: 'word',
  route: 'word',
  signal: 'word',
  state: 'word',
  statement: 'word',
  status: 'word',
  table: 'word',
  version: 'word',

  attempt: 'number',
  attemptsMax: 'number',
  bind: 'number',
  bytes: 'number',
  commandStatus: 'number',
  concurrency: 'number',
  count: 'number',
  delayMs: 'number',
  durationMs: 'number',
  epoch: 'number',
  failed: 'number',
  httpStatus: 'number',
  lagMs: 'number',
  limitMs: 'number',
  migration: 'number',
  parts: 'number',
  percent: 'number',
  pid: 'number',
  port: 'number',
  queued: 'number',
  sequence: 'number',
  signalNumber: 'number',
  total: 'number',
  waitedMs: 'number',
  window: 'number',

  adopted: 'boolean',
  production: 'boolean',
  replayed: 'boolean',
  retryable: 'boolean',
  tls: 'boolean',
} as const satisfies Record<string, 'id' | 'word' | 'number' | 'boolean'>;

export type FieldName = keyof typeof FIELD_KINDS;
export type FieldKind = (typeof FIELD_KINDS)[FieldName];

interface ValueOf {
  id: LogId | undefined;
  word: string | undefined;
  number: number | bigint | undefined;
  boolean: boolean | undefined;
}

/** The fields of one line; `error` is rendered by class, code and stack frames, never by its message. */
export type LogFields = { readonly [Name in FieldName]?: ValueOf[(typeof FIELD_KINDS)[Name]] } & {
  readonly error?: unknown;
};

/** What the compiler names when a plain string is logged. */
export interface FreeTextIsNotLogged {
  readonly useALiteralOrWordOrId: never;
}

/** Literals and checked words pass; a plain `string` does not, for nobody knows what is in it. */
export type NoFreeText<Fields> = {
  readonly [Name in keyof Fields]: Name extends keyof LogFields
    ? string extends Fields[Name]
      ? Name extends 'error'
        ? Fields[Name]
        : FreeTextIsNotLogged
      : Fields[Name]
    : never;
};
