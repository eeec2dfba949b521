// The checker: joins the client's log, the carrier's log and the books, and counts.
import type { Books } from './books.ts';
import type { CarrierTruth } from './carrier-truth.ts';
import { checkAcceptance } from './check-acceptance.ts';
import { checkCharges } from './check-charges.ts';
import { checkCopies, markersById } from './check-copies.ts';
import { checkReceipts } from './check-receipts.ts';
import type { ClientLog } from './client-log.ts';
import type { Violation, ViolationKind } from './violation.ts';

export interface Truths {
  readonly log: ClientLog;
  readonly books: Books;
  readonly truth: CarrierTruth;
  /** Ids of receipts that were made up. */
  readonly strays: ReadonlySet<string>;
  /** The time for unknown outcomes is over: no hold may be open any more. */
  readonly settled: boolean;
}

export interface Report {
  readonly requests: number;
  readonly attempts: number;
  readonly accepted: number;
  readonly submitted: number;
  readonly duplicatesExplained: number;
  readonly duplicatesUnexplained: number;
  readonly lost: number;
  readonly mischarged: number;
  readonly receipts: number;
  readonly receiptsLost: number;
  readonly orphans: number;
  readonly unresolved: number;
  readonly unknown: number;
  readonly violations: readonly Violation[];
}

export function check({ log, books, truth, strays, settled }: Truths): Report {
  const copies = checkCopies(log, books, truth);
  const receipts = checkReceipts(markersById(log), books, truth, strays);
  const violations = [
    ...checkAcceptance(log, books),
    ...copies.violations,
    ...checkCharges(books, settled),
    ...receipts.violations,
  ];
  const count = (kind: ViolationKind) => violations.filter((violation) => violation.kind === kind).length;
  return {
    requests: log.requests.length,
    attempts: log.requests.reduce((sum, request) => sum + request.attempts, 0),
    accepted: books.messages.length,
    submitted: truth.submits,
    duplicatesExplained: copies.duplicatesExplained,
    duplicatesUnexplained: count('duplicate'),
    lost: count('lost'),
    mischarged: count('mischarged'),
    receipts: receipts.acknowledged,
    receiptsLost: count('receipt_lost'),
    orphans: receipts.orphans,
    unresolved: receipts.unresolved,
    unknown: copies.unknown,
    violations,
  };
}
