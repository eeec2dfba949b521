// What the plain build lacks: which modules of the server are replaced, and by what. There is no switch for any of this
// in the product; the replacements exist here alone, as hooks of Node's module loader in a process that the bench starts.

export interface Replacement {
  /** In `server/src/`. */
  readonly module: string;
  /** In this folder; exports the same names. */
  readonly by: string;
}

export const REPLACEMENTS: readonly Replacement[] = [
  // Values and indexes are the text itself, of the columns' own types; no key is made, durable or read.
  { module: 'privacy/keys/cached-keyring.ts', by: 'plain-keyring.ts' },
  // Queries and statements name a purpose that nobody asks about.
  { module: 'privacy/reading/read-guard.ts', by: 'no-read-guard.ts' },
  { module: 'platform/db/purposes-in-force.ts', by: 'no-purposes.ts' },
  // Restrictions of processing, opt-outs and consents of recipients are not looked for.
  { module: 'privacy/processing/restriction-watch.ts', by: 'no-restrictions.ts' },
  { module: 'privacy/suppressions/watch.ts', by: 'no-suppressions.ts' },
  { module: 'messages/unwanted.ts', by: 'no-refusals.ts' },
];
