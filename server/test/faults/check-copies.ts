// The carrier's log against the books: how often each part went out, whose ids the parts wear, and that every
// message ended in a state that accounts for it.
import { decodeId } from '@sotto/contract/ids';
import type { Books, MessageRow, PartRow } from './books.ts';
import { type CarrierTruth, idOf, partName } from './carrier-truth.ts';
import type { ClientLog, WantedMessage } from './client-log.ts';
import type { Violation } from './violation.ts';

export interface CopiesReport {
  readonly violations: readonly Violation[];
  /** Parts that reached the carrier twice, each covered by a recorded ambiguous window. */
  readonly duplicatesExplained: number;
  /** Parts whose outcome was lost and stays unknown. */
  readonly unknown: number;
}

/** The wanted message of each stored one. */
export function markersById(log: ClientLog): Map<string, WantedMessage> {
  const byId = new Map<string, WantedMessage>();
  for (const { wanted, told } of log.outcomes()) {
    const id = told?.kind === 'accepted' ? decodeId('msg', told.id) : null;
    if (id !== null) byId.set(id, wanted);
  }
  return byId;
}

export function checkCopies(log: ClientLog, books: Books, truth: CarrierTruth): CopiesReport {
  const violations: Violation[] = [];
  const wantedOf = markersById(log);
  const partsOf = Map.groupBy(books.parts, (part) => part.message_id);
  const queuedOf = Map.groupBy(books.queue, (row) => row.message_id);
  const known = new Set<string>();
  let duplicatesExplained = 0;
  for (const message of books.messages) {
    const wanted = wantedOf.get(message.id);
    if (wanted === undefined) continue;
    violations.push(
      ...unaccounted(message, partsOf.get(message.id) ?? [], queuedOf.get(message.id)?.length ?? 0),
    );
    for (let sequence = 1; sequence <= message.segments; sequence++) {
      const name = partName(wanted.marker, sequence);
      known.add(name);
      const copies = truth.copies.get(name)?.length ?? 0;
      const part = partsOf.get(message.id)?.find((row) => row.sequence === sequence);
      violations.push(...misattributed(message, part, name, truth));
      if (copies <= 1) continue;
      // One ambiguous window is recorded at most, for transactional messages alone, and shows on the message.
      const allowed = message.class === 'transactional' && message.possible_duplicate ? 2 : 1;
      if (copies <= allowed) duplicatesExplained += 1;
      else
        violations.push({
          kind: 'duplicate',
          what: `${name} (${message.class}, ${message.id}) reached the carrier ${copies} times, possible_duplicate ${message.possible_duplicate}`,
        });
    }
  }
  for (const name of truth.copies.keys())
    if (!known.has(name))
      violations.push({
        kind: 'lost',
        what: `${name} reached the carrier and no acknowledged message has it`,
      });
  if (truth.strangers > 0)
    violations.push({ kind: 'lost', what: `${truth.strangers} submissions carried no text of the run` });
  const unknown = books.parts.filter((part) => part.status === 'unknown').length;
  return { violations, duplicatesExplained, unknown };
}

/** After the dust has settled a message waits nowhere, and each of its parts has a row or the message was closed. */
function unaccounted(message: MessageRow, parts: readonly PartRow[], queued: number): Violation[] {
  const faults: string[] = [];
  if (queued > 0) faults.push(`${queued} parts still wait to be submitted`);
  else if (message.closed_as === null && parts.length !== message.segments)
    faults.push(`${parts.length} of ${message.segments} parts have a row, and nothing closed it`);
  for (const part of parts)
    if (part.status === 'submitted') faults.push(`part ${part.sequence} never got past submitted`);
  return faults.map((fault) => ({
    kind: 'lost',
    what: `message ${message.id} (${message.class}): ${fault}`,
  }));
}

/** A part wears an id only if the carrier gave that id to a copy of that part. */
function misattributed(
  message: MessageRow,
  part: PartRow | undefined,
  name: string,
  truth: CarrierTruth,
): Violation[] {
  if (part === undefined || part.carrier_message_id === null) return [];
  const owner = truth.ownerOf.get(idOf(part.carrier_message_id));
  // Parts of one message share a destination, by which lost answers are told apart: either will do.
  if (owner !== undefined && owner.split('/')[0] === name.split('/')[0]) return [];
  return [
    {
      kind: 'receipt_lost',
      what: `${name} (${message.id}) wears the id ${part.carrier_message_id} of ${owner ?? 'nobody'}`,
    },
  ];
}
