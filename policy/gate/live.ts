// Which columns are written here. A column of a feature that is off, or under a guard that keeps it empty, holds
// nothing; neither do those of texts and their numbers where texts are not stored.
import type { Direction } from '../model.ts';
import type { ColumnFact } from './facts.ts';
import type { GateContext } from './refusal.ts';

/** Whether anything is written to the column under these settings. */
export function isLive({ facts, isOn }: Pick<GateContext, 'facts' | 'isOn'>, column: ColumnFact): boolean {
  if (!isOn(column.feature) || column.nullGuard) return false;
  const direction = contentOf(column);
  return direction === undefined || facts.config.contentStored[direction] !== undefined;
}

/** The direction whose content a column holds: what is sealed under its key, and indexes of the same numbers. */
function contentOf({ protection, sealedUnder, retention }: ColumnFact): Direction | undefined {
  if (sealedUnder === 'content_inbound') return 'inbound';
  if (sealedUnder === 'content_outbound') return 'outbound';
  if (protection !== 'indexed') return undefined;
  return { inbound_content: 'inbound', message_content: 'outbound' }[retention as string] as
    | Direction
    | undefined;
}
