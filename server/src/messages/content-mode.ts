// How long the content of an outbound message is kept: the mode of its acceptance, for a message keeps the promise
// under which it was taken.
//
//   by_day       sealed; ends with the key of its day
//   until_final  sealed; erased when the last part has ended, at the latest `ceilingMs` after acceptance

export type OutboundContentMode =
  | { readonly kind: 'by_day' }
  | { readonly kind: 'until_final'; readonly ceilingMs: number };

export const BY_DAY: OutboundContentMode = { kind: 'by_day' };

/** The latest moment of a message's content; null where its day decides. Milliseconds of the database's clock. */
export const eraseByOf = (mode: OutboundContentMode, createdAt: Date): Date | null =>
  mode.kind === 'until_final' ? new Date(createdAt.getTime() + mode.ceilingMs) : null;
