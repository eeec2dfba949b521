// The client's log against the books: whatever was answered 202 is on disk, once, under the id that was told.
import { decodeId } from '@sotto/contract/ids';
import type { Books } from './books.ts';
import type { ClientLog } from './client-log.ts';
import type { Violation } from './violation.ts';

/** EUR 0.0075: what the runs' price says, in micros. */
export const PRICE_MICROS = 7_500n;

export function checkAcceptance(log: ClientLog, books: Books): Violation[] {
  const found: Violation[] = [];
  const lost = (what: string) => found.push({ kind: 'lost', what });
  const stored = new Map(books.messages.map((row) => [row.id, row]));
  const acknowledged = new Set<string>();
  for (const { wanted, told, request } of log.outcomes()) {
    if (told === null) {
      lost(`${request.key}: no definite answer after ${request.attempts} attempts`);
      continue;
    }
    if (told.kind === 'refused') {
      lost(`${request.key}: a good request was refused as ${told.code}`);
      continue;
    }
    const id = decodeId('msg', told.id);
    const row = id === null ? undefined : stored.get(id);
    if (id === null || row === undefined) {
      lost(`${request.key}: ${told.id} (${wanted.marker}) was acknowledged and is not in the database`);
      continue;
    }
    if (acknowledged.has(id)) lost(`${request.key}: ${told.id} was told for two messages`);
    acknowledged.add(id);
    if (row.class !== wanted.class || row.segments !== told.segments)
      lost(`${request.key}: ${told.id} is stored as something else than was acknowledged`);
    if (Math.round(Number(told.price) * 1_000_000) !== Number(PRICE_MICROS) * told.segments)
      found.push({
        kind: 'mischarged',
        what: `${told.id}: told a price of ${told.price} for ${told.segments} parts`,
      });
  }
  for (const request of log.requests) {
    const told = new Set(request.answers.map((answer) => JSON.stringify(answer)));
    if (told.size > 1) lost(`${request.key}: one key got ${told.size} different answers`);
  }
  // Every request is asked until it is answered, so a message nobody was told of was accepted a second time.
  for (const row of books.messages) {
    if (!acknowledged.has(row.id))
      found.push({ kind: 'duplicate', what: `message ${row.id} is stored and was told to nobody` });
  }
  if (books.repeatedKeys > 0)
    found.push({ kind: 'duplicate', what: `${books.repeatedKeys} idempotency keys have two answers` });
  return found;
}
