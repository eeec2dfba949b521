// How long the content of an inbound text is kept, as the policy says.
//
//   by_day      sealed; ends with the key of its day
//   until_read  sealed; erased soon after the first reading, at the latest `ceilingMs` after its first part came
//   none        never written: in the memory of its home alone (see memory/)

export type InboundContentMode = StoredContentMode | { readonly kind: 'none' };

export type StoredContentMode =
  | { readonly kind: 'by_day' }
  | { readonly kind: 'until_read'; readonly ceilingMs: number };

export const BY_DAY: StoredContentMode = { kind: 'by_day' };

/**
 * How long a text stays readable after its first reading: a client that lost the answer asks again within it. Also the
 * time for which a text in memory survives its reading.
 */
export const READ_GRACE_MS = 60_000;

/** The longest a text waits to be read, in milliseconds; null where its day decides. */
export const ceilingOf = (mode: StoredContentMode): number | null =>
  mode.kind === 'until_read' ? mode.ceilingMs : null;
