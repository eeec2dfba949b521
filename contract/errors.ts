// The error catalogue: every way a request can be refused, as one table. docs/errors.md explains each code to
// people, and a test compares both sides; a code is never renamed, for callers branch on it.

interface ErrorEntry {
  /** HTTP status it is answered with. */
  readonly status: number;
  /** Short name, the same for every occurrence (RFC 9457 §3.1.3). */
  readonly title: string;
  /** What happened, for the public. It never holds a value of the request. */
  readonly sentence: string;
  /** What the caller can do about it. */
  readonly wayOut: string;
  /** Whether the same request may succeed later without any change. */
  readonly retryable: boolean;
}

const entry = (
  status: number,
  title: string,
  sentence: string,
  wayOut: string,
  retryable = false,
): ErrorEntry => ({ status, title, sentence, wayOut, retryable });

export const errorCatalogue = {
  // The request could not be read.
  invalid_json: entry(400, 'Invalid JSON', 'The body is not valid JSON.', 'Send one JSON object in UTF-8.'),
  invalid_encoding: entry(
    400,
    'Invalid encoding',
    'The body is not valid UTF-8.',
    'Encode the body as UTF-8, or escape characters as \\u sequences.',
  ),
  duplicate_field: entry(
    400,
    'Duplicate field',
    'A field or query parameter appears more than once.',
    'Send each field once; nothing was stored.',
  ),
  unknown_field: entry(
    400,
    'Unknown field',
    'The request has a field this operation does not know.',
    'Remove the field or correct its spelling.',
  ),
  invalid_request: entry(
    400,
    'Invalid request',
    'A field is missing or has a value it may not have.',
    'Correct the fields named in errors and send the request again.',
  ),
  invalid_cursor: entry(
    400,
    'Invalid cursor',
    'The cursor is not one this list gave out.',
    'Start again without a cursor, and pass next_cursor on unchanged.',
  ),
  invalid_idempotency_key: entry(
    400,
    'Invalid idempotency key',
    'The Idempotency-Key header is not 1 to 255 visible ASCII characters.',
    'Send a random key such as a UUID, once for each thing you want done.',
  ),
  body_too_large: entry(
    413,
    'Body too large',
    'The body is larger than this operation accepts.',
    'Split the request; a batch takes up to 10,000 messages.',
  ),
  unsupported_media_type: entry(
    415,
    'Unsupported media type',
    'The body is not sent as application/json.',
    'Set Content-Type to application/json.',
  ),
  https_required: entry(
    403,
    'HTTPS required',
    'The API is not served over plain HTTP.',
    'Use the https address, and replace the key: it has crossed the network unprotected.',
  ),
  request_timeout: entry(
    408,
    'Request timeout',
    'The request did not arrive in time.',
    'Send it again on a new connection, with the same Idempotency-Key.',
    true,
  ),

  // Nothing is there, or not for this method.
  not_found: entry(
    404,
    'Not found',
    'There is nothing at this address, or nothing that this key may see.',
    'Check the path and the id; ids belong to one workspace.',
  ),
  method_not_allowed: entry(
    405,
    'Method not allowed',
    'This address does not answer to this method.',
    'Use one of the methods in the Allow header.',
  ),

  // Who is calling.
  unauthorized: entry(
    401,
    'Unauthorized',
    'The request carries no valid API key.',
    'Send Authorization: Bearer <key> with a key of this installation.',
  ),
  key_expired: entry(401, 'Key expired', 'The API key has expired.', 'Create a new key and use it instead.'),
  key_revoked: entry(401, 'Key revoked', 'The API key was revoked.', 'Create a new key and use it instead.'),
  ip_not_allowed: entry(
    403,
    'Address not allowed',
    'The API key may not be used from this network address.',
    'Call from an address on the list of the key, or create a key with another list.',
  ),
  session_ended: entry(
    401,
    'Session ended',
    'The session has ended.',
    'Sign in again; sessions end by themselves, by signing out, and when the password changes.',
  ),
  credentials_wrong: entry(
    401,
    'Credentials wrong',
    'What was presented does not open an account.',
    'Check it and try again; a forgotten password is replaced by POST /v1/password-resets.',
  ),
  second_factor_required: entry(
    403,
    'Second factor required',
    'The session is not signed in with a second factor.',
    'Present the second factor first; staff sign in with one always.',
  ),
  reauthentication_required: entry(
    403,
    'Reauthentication required',
    'This wants a sign-in that is at most ten minutes old.',
    'Show again who you are with POST /v1/sessions/reauthenticate or sign in anew, then repeat the request.',
  ),
  origin_refused: entry(
    403,
    'Origin refused',
    'The request carries the cookie of a session and was not made by a page of this installation.',
    'Send it from a page of this installation as JSON, or use a bearer token instead of the cookie.',
  ),
  scope_missing: entry(
    403,
    'Scope missing',
    'The API key or role lacks the scope this operation needs.',
    'Use a key that has the scope named in detail, or ask an owner of the workspace for a role that has it.',
  ),
  forbidden: entry(
    403,
    'Forbidden',
    'This key may not do this.',
    'Ask an administrator of the workspace or of the platform.',
  ),
  agreement_required: entry(
    403,
    'Agreement required',
    'The organisation has not accepted the agreement on the processing of data.',
    'An owner or administrator reads it at /v1/agreements/data-processing and accepts it.',
  ),
  test_key_refused: entry(
    403,
    'Test key refused',
    'A test key cannot do this.',
    'Use a live key; test keys never reach a carrier and never charge.',
  ),
  feature_off: entry(
    403,
    'Feature off',
    'The privacy policy of this platform switches this feature off.',
    'See /privacy for what the policy declares; only the operator can change it.',
  ),
  restricted: entry(
    403,
    'Restricted',
    'The data this needs may not be used for it at present.',
    'Nothing was stored or charged; the operator can say what stands in the way and when it ends.',
  ),

  // The message cannot be sent as asked.
  invalid_number: entry(
    422,
    'Invalid number',
    'The phone number is not one that can exist.',
    'Write the number in E.164 form: +, country code, number.',
  ),
  invalid_sender: entry(
    422,
    'Invalid sender',
    'The sender is malformed or not one this workspace may use.',
    'Leave `from` out, or use a number or name that belongs to the workspace.',
  ),
  text_empty: entry(422, 'Text empty', 'The text is empty.', 'Write at least one character.'),
  text_too_long: entry(
    422,
    'Text too long',
    'The text needs more than 10 segments or has more than 1,600 characters.',
    'Shorten the text; POST /v1/messages/preview shows its segments.',
  ),
  class_mismatch: entry(
    422,
    'Class mismatch',
    'The text reads as marketing but is declared as something else.',
    'Declare class marketing, which checks permission and quiet hours.',
  ),
  invalid_schedule: entry(
    422,
    'Invalid schedule',
    'The time to send lies in the past, too far ahead, or is not an RFC 3339 time in UTC.',
    'Give a time from now on for which texts are kept here, such as 2026-11-21T09:30:00Z.',
  ),
  unreachable_destination: entry(
    422,
    'Unreachable destination',
    'No route of this platform leads to the destination.',
    'Ask the operator for a route to this country or network.',
  ),
  no_price: entry(
    422,
    'No price',
    'No price is set for this destination and class, so nothing is sent.',
    'Ask the operator to set a price.',
  ),
  recipient_opted_out: entry(
    422,
    'Recipient opted out',
    'The recipient does not want messages of this class.',
    'Do not write to this number; only the recipient can take an opt-out back.',
  ),
  insufficient_funds: entry(
    402,
    'Insufficient funds',
    'The balance and the credit limit do not cover the price.',
    'Top up the workspace, then send again; nothing was charged.',
  ),
  plan_limit: entry(
    409,
    'Limit of the plan',
    'The workspace has as many of these as it may have.',
    'Remove one that is not used, or subscribe to a plan that allows more.',
  ),

  // What was presented to open an account.
  email_refused: entry(
    422,
    'Address refused',
    'The address is of a service whose mailboxes are thrown away.',
    'Use an address of your own; one that forwards to it is fine.',
  ),
  password_refused: entry(
    422,
    'Password refused',
    'The password is one that others guess first.',
    'Choose another; a few words that do not belong together are easy to keep and hard to guess.',
  ),
  link_invalid: entry(
    422,
    'Link invalid',
    'The link was used before, is too old, or is not one of ours.',
    'Ask for a new one.',
  ),
  challenge_failed: entry(
    422,
    'Challenge failed',
    'The proof of work is missing, wrong, too old or was used before.',
    'Ask for a new challenge and solve it.',
  ),

  // A notice of somebody else's.
  notice_refused: entry(
    400,
    'Notice refused',
    'The notice is not signed by the provider it names, is too old, or is of another environment.',
    'Send it from the provider, with the secret that is set up here; nothing was changed.',
  ),

  // The state of things forbids it.
  not_cancellable: entry(
    409,
    'Not cancellable',
    'The message has already been handed to a carrier.',
    'Nothing can call it back; watch its status instead.',
  ),
  already_final: entry(
    409,
    'Already final',
    'The message has reached its final status.',
    'Nothing more can be done with it; DELETE erases its content.',
  ),
  conflict: entry(
    409,
    'Conflict',
    'The state of the resource does not allow this.',
    'Read the resource again and decide on what it says now.',
  ),
  code_refused: entry(
    409,
    'Code refused',
    'This code does not work.',
    'Check how it is written; a code may be over or used up.',
  ),
  second_person_needed: entry(
    409,
    'Second person needed',
    'This takes two people, and one of them has acted.',
    'Have somebody else approve it; enter a large top-up by hand as a bank transfer.',
  ),
  idempotency_mismatch: entry(
    422,
    'Idempotency mismatch',
    'This Idempotency-Key was used with another request.',
    'Use a new key for a new request; the first one stands.',
  ),
  idempotency_undecided: entry(
    409,
    'Idempotency undecided',
    'The first request with this Idempotency-Key is not decided yet.',
    'Wait for Retry-After and send the same request with the same key.',
    true,
  ),

  // The platform is busy, away or at fault.
  rate_limited: entry(
    429,
    'Rate limited',
    'Too many requests came in too short a time.',
    'Wait for the seconds in Retry-After, then go on more slowly.',
    true,
  ),
  unavailable: entry(
    503,
    'Unavailable',
    'The platform cannot take the request now.',
    'Send it again after Retry-After with the same Idempotency-Key.',
    true,
  ),
  internal: entry(
    500,
    'Internal error',
    'The platform made a mistake.',
    'Send it again with the same Idempotency-Key; if it stays, report the request_id.',
    true,
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

export const errorCodes = Object.keys(errorCatalogue) as readonly ErrorCode[];

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errorCatalogue, text);

/** The `type` of a problem: where docs/errors.md explains the code. Relative, so it names this installation's copy. */
export const problemType = (code: ErrorCode): string => `/docs/errors#${code}`;
