// A message as the API shows it, from its rows. Pure but for the keyring that opens what is sealed; a value whose
// key is destroyed shows as null, like one that was erased.
import { encodeId, formatMicros } from '@sotto/contract';
import { deliveryErrorOf } from '@sotto/contract/delivery-errors';
import type { Message, MessageDetail, MessagePart, MessageStatus } from '@sotto/contract/message';
import { deliveryErrorOfPart } from './delivery-error.ts';
import type { MessageRow, PartRow, QueuedRow } from './read.sql.ts';
import { foldStatus, isFinalPart } from './status.ts';

/** What was sealed, opened. */
export interface OpenedContent {
  readonly to: string | null;
  readonly text: string | null;
  readonly annotations: { readonly reference?: string; readonly metadata?: Record<string, string> } | null;
}

export interface Progress {
  readonly parts: readonly PartRow[];
  readonly queued: readonly QueuedRow[];
}

const iso = (at: Date | null) => at?.toISOString() ?? null;
const latest = (dates: readonly (Date | null)[]) =>
  dates.reduce<Date | null>((last, at) => (at !== null && (last === null || at > last) ? at : last), null);

export function statusOf(row: MessageRow, progress: Progress): MessageStatus {
  return foldStatus({
    segments: row.segments,
    scheduledAt: row.scheduled_at,
    closedAs: row.closed_as,
    queued: progress.queued.length,
    claimed: progress.queued.filter((queued) => queued.claimed).length,
    parts: progress.parts.map((part) => ({
      status: part.status,
      submittedAt: part.submitted_at,
      finishedAt: part.finished_at,
      errorCode: part.error_code,
    })),
    now: row.now,
  });
}

const OPEN: ReadonlySet<MessageStatus> = new Set(['scheduled', 'accepted', 'submitting', 'submitted']);

export function presentMessage(row: MessageRow, progress: Progress, content: OpenedContent): Message {
  const status = statusOf(row, progress);
  const { parts } = progress;
  const all = parts.length === row.segments;
  const taken = parts.filter((part) => part.status !== 'rejected' || part.finished_at === null);
  return {
    id: encodeId('msg', row.id),
    status,
    to: content.to,
    from: row.sender,
    encoding: row.encoding,
    segments: row.segments,
    price: { amount: formatMicros(row.price_per_part * BigInt(row.segments)), currency: row.currency },
    created_at: row.created_at.toISOString(),
    class: row.class,
    reference: content.annotations?.reference ?? null,
    metadata: content.annotations?.metadata ?? {},
    scheduled_at: iso(row.scheduled_at),
    expires_at: row.valid_until.toISOString(),
    submitted_at: all && taken.length > 0 ? iso(latest(parts.map((part) => part.submitted_at))) : null,
    finished_at: OPEN.has(status)
      ? null
      : iso(latest([row.closed_at, ...parts.map((part) => part.finished_at)])),
    erased_at: iso(row.erased_at),
    possible_duplicate: row.possible_duplicate,
    error: errorOf(row, status, parts),
    test: row.test,
  };
}

function errorOf(row: MessageRow, status: MessageStatus, parts: readonly PartRow[]): Message['error'] {
  if (OPEN.has(status) || status === 'delivered' || status === 'cancelled') return null;
  const failed = parts.find((part) => isFinalPart(part.status) && part.status !== 'delivered');
  if (failed) return deliveryErrorOf(deliveryErrorOfPart(failed.status, failed.error_code));
  if (status === 'unknown') return deliveryErrorOf('outcome_unknown');
  if (row.closed_as === 'expired') return deliveryErrorOf('carrier_unavailable');
  return deliveryErrorOf('carrier_refused');
}

export function presentDetail(row: MessageRow, progress: Progress, content: OpenedContent): MessageDetail {
  const message = presentMessage(row, progress, content);
  const bySequence = new Map(progress.parts.map((part) => [part.sequence, part]));
  const claimed = new Set(
    progress.queued.filter((queued) => queued.claimed).map((queued) => queued.sequence),
  );
  const parts = Array.from({ length: row.segments }, (_, at): MessagePart => {
    const part = bySequence.get(at + 1);
    const waiting = claimed.has(at + 1)
      ? 'submitting'
      : message.status === 'scheduled'
        ? 'accepted'
        : message.status;
    return {
      index: at + 1,
      status: part ? part.status : waiting === 'partially_delivered' ? 'expired' : waiting,
      carrier_error: part?.error_code ?? null,
      submitted_at: iso(part && part.status !== 'rejected' ? part.submitted_at : null),
      finished_at: iso(part?.finished_at ?? row.closed_at),
    };
  });
  return { ...message, text: content.text, parts, events: eventsOf(message) };
}

/** The history that the rows tell, oldest first. */
function eventsOf(message: Message): MessageDetail['events'] {
  const events: MessageDetail['events'] = [
    { status: message.scheduled_at === null ? 'accepted' : 'scheduled', at: message.created_at },
  ];
  if (message.submitted_at !== null) events.push({ status: 'submitted', at: message.submitted_at });
  if (message.finished_at !== null) events.push({ status: message.status, at: message.finished_at });
  return events;
}
