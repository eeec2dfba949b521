// How long messages are kept, as the policy in force says: what readers, acceptance and expiry go by.
import { cutoffOf, endOf, type RetentionLimit, type RetentionLimits, shortestMs } from '#privacy/retention';

export interface MessageKeeping {
  /** Texts, numbers, references. */
  readonly content: Pick<RetentionLimit, 'duration' | 'from'> | null;
  /** What became of messages. */
  readonly record: Pick<RetentionLimit, 'duration'> | null;
}

/** Nothing ends: for what stands below a policy, such as tests of sending. */
export const KEPT_FOR_EVER: MessageKeeping = { content: null, record: null };

export const messageKeeping = (limits: RetentionLimits): MessageKeeping => ({
  content: limits.get('message_content') ?? null,
  record: limits.get('message_record') ?? null,
});

/** What a life ends with depends on; of the message's row, its parts and its queue rows. */
export interface LifeFacts {
  readonly createdAt: Date;
  readonly validUntil: Date;
  readonly closedAt: Date | null;
  readonly segments: number;
  /** Parts still in the queue. */
  readonly queued: number;
  /** Parts a carrier was asked to take. */
  readonly parts: number;
  /** Parts of which nothing more is expected, and when that was so of the last. */
  readonly finished: number;
  readonly lastFinishedAt: Date | null;
}

/**
 * When a message's life ended: all its parts are final, or its validity is over, after which carriers try no more and
 * a receipt need never come. Null while a part waits to be sent, and while an outcome may still come.
 */
export function lifeEndedAt(facts: LifeFacts, now: Date): Date | null {
  if (facts.queued > 0) return null;
  const { closedAt, lastFinishedAt, validUntil } = facts;
  const over = facts.parts === facts.finished && (closedAt !== null || facts.parts === facts.segments);
  if (!over) return validUntil <= now ? validUntil : null;
  const last = Math.max(closedAt?.getTime() ?? 0, lastFinishedAt?.getTime() ?? 0);
  return new Date(Math.min(last, validUntil.getTime()));
}

/** When the content's limit began to count; null while it does not. Never while a part waits to be sent. */
export function contentBeganAt(from: RetentionLimit['from'], facts: LifeFacts, now: Date): Date | null {
  if (from !== 'created') return lifeEndedAt(facts, now);
  return facts.queued > 0 ? null : facts.createdAt;
}

/**
 * When the content's time was over; null while readers may see it. To the second, whatever expiry has done by now. Where
 * a month is short it can be over a little before the calendar says so, and is then said to be over now.
 */
export function contentEndedAt({ content }: MessageKeeping, facts: LifeFacts, now: Date): Date | null {
  if (content === null) return null;
  const began = contentBeganAt(content.from, facts, now);
  if (began === null || began > cutoffOf(content.duration, now)) return null;
  return new Date(Math.min(endOf(content.duration, began).getTime(), now.getTime()));
}

/** How far ahead a message may be scheduled, and how long after its acceptance its validity may end. */
export interface ScheduleBounds {
  readonly aheadMaxMs: number;
  readonly lifeMaxMs: number;
}

/** A year and a day: leap years included. */
const SCHEDULE_AHEAD_MAX_MS = 366 * 86_400_000;

/**
 * What waits keeps its content: so nothing is scheduled further ahead than the content may be kept, nor lives longer
 * than what counts from its acceptance.
 */
export function scheduleBounds({ content, record }: MessageKeeping): ScheduleBounds {
  const contentMs = content === null ? Number.POSITIVE_INFINITY : shortestMs(content);
  const recordMs = record === null ? Number.POSITIVE_INFINITY : shortestMs(record);
  return {
    aheadMaxMs: Math.min(SCHEDULE_AHEAD_MAX_MS, contentMs),
    lifeMaxMs: Math.min(recordMs, content?.from === 'created' ? contentMs : Number.POSITIVE_INFINITY),
  };
}
