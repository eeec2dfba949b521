// Limits as tests write them: what the policy would have said of a few keys.

import type { RetentionLimit, RetentionLimits } from '../limit.ts';
import type { IsoDuration, RetentionEvent, RetentionKey } from '../rule.ts';

type Said = readonly [duration: IsoDuration, from: RetentionEvent, until?: RetentionEvent];

/** `limitsFrom({ request: ['P2D', 'created'] })` */
export const limitsFrom = (said: { readonly [K in RetentionKey]?: Said }): RetentionLimits =>
  new Map(
    Object.entries(said).map(([key, [duration, from, until = null]]): [RetentionKey, RetentionLimit] => [
      key as RetentionKey,
      { key: key as RetentionKey, duration, from, until, disposal: 'erase' },
    ]),
  );
