// From a request to something a flush can decide: checked, cut into segments, routed, priced. Pure but for the
// tariff it reads; nothing is sealed or written yet. A refusal is a value: in a batch it is one item's answer.
import type { ErrorCode } from '@sotto/contract/errors';
import type { SendMessage } from '@sotto/contract/send-message';
import { type Segmentation, segment, UnsendableTextError } from '@sotto/text';
import { holdsCardNumber } from '#privacy/card-numbers';
import { showsMarketing } from './class-check.ts';
import type { MessageClass } from './classes.ts';
import { VALIDITY_SECONDS } from './classes.ts';
import { BY_DAY, type OutboundContentMode } from './content-mode.ts';
import { KEPT_FOR_EVER, type ScheduleBounds, scheduleBounds } from './keeping.ts';
import { isReachable } from './recipient.ts';
import type { Tariff } from './tariff.ts';

/** For whom a message is accepted. */
export interface Submitter {
  readonly workspaceId: string;
  readonly currency: string;
  /** A test key: never reaches a carrier, never charges. */
  readonly test: boolean;
}

/** Why one message is refused; the code is of the public catalogue. */
export interface ItemRefusal {
  readonly code: ErrorCode;
  readonly field: string;
  readonly detail?: string;
}

/** A message that may be accepted if its workspace has the money. */
export interface Prepared {
  readonly to: string;
  readonly text: string;
  readonly from: string | null;
  readonly class: MessageClass;
  readonly segmentation: Segmentation;
  readonly connectorId: string | null;
  readonly routeSender: string | null;
  readonly pricePerPartMicros: bigint;
  readonly costMicros: bigint;
  readonly scheduledAt: Date | null;
  readonly validitySeconds: number;
  readonly annotations: string | null;
}

const SEGMENTS_MAX = 10;
/**
 * Checks one message that the contract already accepted in form. `now` is the database's time to within a second,
 * for the schedule alone; `draw` in [0, 1) chooses among weighted routes; `bounds` come from how long content is kept,
 * and what is scheduled must still be kept then.
 */
export function prepare(
  request: SendMessage,
  submitter: Submitter,
  tariff: Tariff,
  now: number,
  draw: number,
  bounds: ScheduleBounds = scheduleBounds(KEPT_FOR_EVER),
  contentMode: OutboundContentMode = BY_DAY,
): Prepared | ItemRefusal {
  if (!isReachable(request.to)) return { code: 'invalid_number', field: 'to' };
  const noted = cardNumberNotedIn(request);
  if (noted !== null) return { code: 'invalid_request', field: noted, detail: NO_CARD };
  const scheduledAt = request.scheduled_at === undefined ? null : new Date(request.scheduled_at);
  const aheadMs = Math.max(0, (scheduledAt?.getTime() ?? now) - now);
  const validityMaxSeconds = Math.floor((bounds.lifeMaxMs - aheadMs) / 1000);
  if (aheadMs > bounds.aheadMaxMs || validityMaxSeconds < 1) {
    return { code: 'invalid_schedule', field: 'scheduled_at', detail: tooFarAhead(bounds) };
  }
  if (
    scheduledAt &&
    contentMode.kind === 'until_final' &&
    scheduledAt.getTime() >= now + contentMode.ceilingMs
  ) {
    return {
      code: 'invalid_schedule',
      field: 'scheduled_at',
      detail: 'It is later than texts are kept here.',
    };
  }
  const route = submitter.test ? undefined : tariff.route(request.to, request.class, draw);
  if (!submitter.test && !route) return { code: 'unreachable_destination', field: 'to' };
  let segmentation: Segmentation;
  try {
    segmentation = segment(request.text, route && tariff.traits(route.connectorId));
  } catch (error) {
    if (!(error instanceof UnsendableTextError)) throw error;
    return { code: error.reason === 'too-long' ? 'text_too_long' : 'invalid_request', field: 'text' };
  }
  if (segmentation.parts.length > SEGMENTS_MAX) return { code: 'text_too_long', field: 'text' };
  if (showsMarketing(request.text, request.class)) return { code: 'class_mismatch', field: 'class' };

  const price = submitter.test ? undefined : tariff.price(request.to, request.class, submitter.currency);
  if (!submitter.test && !price) return { code: 'no_price', field: 'to' };
  const pricePerPartMicros = price?.perPartMicros ?? 0n;
  return {
    to: request.to,
    text: request.text,
    from: request.from ?? null,
    class: request.class,
    segmentation,
    connectorId: route?.connectorId ?? null,
    routeSender: route?.sender ?? null,
    pricePerPartMicros,
    costMicros: pricePerPartMicros * BigInt(segmentation.parts.length),
    scheduledAt: scheduledAt && scheduledAt.getTime() > now ? scheduledAt : null,
    validitySeconds: Math.min(
      request.validity_seconds ?? VALIDITY_SECONDS[request.class],
      validityMaxSeconds,
    ),
    annotations:
      request.reference === undefined && request.metadata === undefined
        ? null
        : JSON.stringify({ reference: request.reference, metadata: request.metadata }),
  };
}

const NO_CARD = 'It holds a card number, which is never stored here: leave it out.';

/** What is noted beside a message is kept for its sender; its text is handed on as it was written. */
function cardNumberNotedIn({ reference, metadata }: SendMessage): 'reference' | 'metadata' | null {
  if (reference !== undefined && holdsCardNumber(reference)) return 'reference';
  const entries = Object.entries(metadata ?? {});
  return entries.some(([key, value]) => holdsCardNumber(key) || holdsCardNumber(value)) ? 'metadata' : null;
}

const HOUR_MS = 3_600_000;

function tooFarAhead({ aheadMaxMs, lifeMaxMs }: ScheduleBounds): string {
  const hours = Math.floor(Math.min(aheadMaxMs, lifeMaxMs) / HOUR_MS);
  return `It is further ahead than texts may be kept here, which is ${hours} hours.`;
}

export const isRefusal = (value: Prepared | ItemRefusal): value is ItemRefusal => 'code' in value;
