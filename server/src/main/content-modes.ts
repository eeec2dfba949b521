// How long texts are kept, from the words of a policy to what the contexts do. The shape is that of
// `messages.inbound.body` and `messages.outbound.body`, so that a policy's own values can be passed.
import { boundsMs } from '@sotto/policy/duration';
import type { BodyStatement, IsoDuration, Policy } from '@sotto/policy/model';
import type { OutboundContentMode } from '#messages';
import type { InboundContentMode, StoredContentMode } from '#numbers';

type BodyMode = Pick<BodyStatement, 'store' | 'ceiling'>;

export interface ContentModes {
  readonly inbound: BodyMode;
  readonly outbound: BodyMode;
}

/** The modes that a policy asks for. */
export const modesOf = ({ messages }: Pick<Policy, 'messages'>): ContentModes => ({
  inbound: messages.inbound.body,
  outbound: messages.outbound.body,
});

/** The mode of inbound texts. @throws TypeError for a mode that texts coming in cannot have. */
export function inboundModeOf({ inbound: { store, ceiling } }: ContentModes): InboundContentMode {
  if (store === 'none') return { kind: 'none' };
  if (store === 'until_final') throw new TypeError('Inbound texts have no delivery to wait for');
  return store === 'until_read' ? { kind: 'until_read', ceilingMs: shortestMs(ceiling) } : { kind: 'by_day' };
}

/**
 * The mode of outbound texts. `none` is a policy of an operator who sends nothing: what would be sent is kept no
 * longer than until its end, and at most a day. @throws TypeError for a mode that texts going out cannot have.
 */
export function outboundModeOf({ outbound: { store, ceiling } }: ContentModes): OutboundContentMode {
  if (store === 'until_read') throw new TypeError('Outbound texts are not read here');
  if (store === 'none') return { kind: 'until_final', ceilingMs: shortestMs('P1D') };
  return store === 'until_final'
    ? { kind: 'until_final', ceilingMs: shortestMs(ceiling) }
    : { kind: 'by_day' };
}

/** How what is stored is kept; where nothing may be stored, what an earlier policy stored ends with its day. */
export const storedModeOf = (mode: InboundContentMode): StoredContentMode =>
  mode.kind === 'none' ? { kind: 'by_day' } : mode;

/** Months count as short as they can be, so that nothing is kept longer than promised. */
function shortestMs(ceiling: IsoDuration | undefined): number {
  if (ceiling === undefined) throw new TypeError('A mode that waits for an event needs a ceiling');
  return boundsMs(ceiling).min;
}
