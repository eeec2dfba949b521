// Promises that wait for parts this release has not built. Development runs without them and says which they are;
// production does not start. A part that is built takes its line out of here.
import type { Refusal as Broken } from '@sotto/policy';

interface Unbuilt {
  readonly part: string;
  readonly covers: (broken: Broken) => boolean;
}

/** Rules of retention whose worker is still to come. */
const UNENDED = new Set(
  [
    'account',
    'audit',
    'connector',
    'consent',
    'inbound_content',
    'lease',
    'ledger',
    'message_content',
    'message_record',
    'request',
    'subject_request',
    'suppression',
  ].map((key) => `bound:${key}`),
);

const UNBUILT: readonly Unbuilt[] = [
  { part: 'subject requests', covers: ({ code }) => code === 'E-RIGHT' },
  { part: 'retention', covers: ({ code, promise }) => code === 'E-RET-LONGER' && UNENDED.has(promise) },
];

/** The part that has to be built before this promise can be kept; undefined when it is only broken. */
export const partOf = (broken: Broken): string | undefined =>
  UNBUILT.find(({ covers }) => covers(broken))?.part;
