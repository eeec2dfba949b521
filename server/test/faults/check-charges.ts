// The money: every message has one hold, resolved once, captured for exactly the parts that a carrier took; and the
// books add up by themselves (invariants L1 to L5 and L7).
import type { Books, PartRow } from './books.ts';
import type { Violation } from './violation.ts';

/**
 * `settled`: the time for unknown outcomes is over, so no hold may be open. Before that a hold may be open only
 * for a message that still has a part of unknown outcome.
 */
export function checkCharges(books: Books, settled: boolean): Violation[] {
  const found: string[] = [];
  const partsOf = Map.groupBy(books.parts, (part) => part.message_id);
  const holds = new Map(books.holds.map((hold) => [hold.id, hold]));
  let captured = 0n;
  for (const message of books.messages) {
    const hold = holds.get(message.id);
    const parts = partsOf.get(message.id) ?? [];
    if (hold === undefined) {
      found.push(`message ${message.id} has no hold`);
      continue;
    }
    holds.delete(message.id);
    captured += BigInt(hold.captured);
    const price = BigInt(message.price_per_part);
    if (BigInt(hold.amount) !== price * BigInt(message.segments))
      found.push(`the hold of ${message.id} is ${hold.amount} for ${message.segments} parts`);
    if (hold.state === 'open') {
      const waits = parts.some((part) => part.status === 'unknown' && !part.finished);
      if (settled || !waits) found.push(`the hold of ${message.id} is open and nothing is awaited`);
      continue;
    }
    const due = price * BigInt(parts.filter(isTaken).length);
    if (BigInt(hold.captured) !== due)
      found.push(`message ${message.id} was charged ${hold.captured} (${hold.state}), due is ${due}`);
  }
  for (const id of holds.keys()) found.push(`a hold ${id} belongs to no message`);
  if (BigInt(books.revenue) !== captured)
    found.push(`the books earned ${books.revenue}, the holds captured ${captured}`);
  if (books.unbalanced > 0) found.push(`${books.unbalanced} transactions do not sum to zero`);
  if (books.overdrawn > 0) found.push(`${books.overdrawn} wallets are below their floor`);
  if (BigInt(books.bookSum) !== 0n) found.push(`the whole book sums to ${books.bookSum}`);
  for (const { account, cached, summed } of books.wallets)
    if (cached !== summed) found.push(`a wallet says ${account} ${cached}, its entries say ${summed}`);
  const open = books.holds.reduce(
    (sum, hold) => (hold.state === 'open' ? sum + BigInt(hold.amount) : sum),
    0n,
  );
  const held = books.wallets.reduce(
    (sum, row) => (row.account === 'held' ? sum + BigInt(row.cached) : sum),
    0n,
  );
  if (open !== held) found.push(`wallets hold ${held}, open holds sum to ${open}`);
  return found.map((what) => ({ kind: 'mischarged', what }));
}

/** A carrier took it: it gave an id, or its receipt says so. */
const isTaken = (part: PartRow): boolean =>
  part.carrier_message_id !== null || ['submitted', 'delivered', 'undeliverable'].includes(part.status);
