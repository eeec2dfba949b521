// Recipients who answer with a word that asks to stop. What they asked is recorded before the carrier hears that the
// text arrived, whatever becomes of the text itself: it holds also where texts are never stored.
import type { Database } from '#platform/database';
import { counter } from '#platform/metrics';
import type { Keyring } from '#privacy';
import { suppress } from '#privacy/suppressions';
import { asE164, readPart } from './inbound-part.ts';
import { addressedAmong, type InboundSink } from './inbound-sink.ts';
import { asksToStop } from './stop-words.ts';

const stopped = counter({
  name: 'sotto_numbers_stops_total',
  help: 'Inbound texts that asked not to be written to any more',
});

/**
 * A sink that records a stop to marketing for the sender of each text of one part that is a word for it, in the ledger
 * of the workspace whose number it came to. May be repeated; a text that comes again finds its stop standing. Senders
 * are not authenticated: the most a false one can do is to keep advertisements from somebody.
 */
export function honourStops(sink: InboundSink, db: Database, keyring: Keyring): InboundSink {
  return {
    async receive(parts) {
      const pieces = parts.map((part) => {
        const piece = readPart(part);
        return piece?.form === 'text' && piece.concat === null && asksToStop(piece.content) ? piece : null;
      });
      if (pieces.some((piece) => piece !== null)) {
        await db.batch(async (tx) => {
          for (const { from, workspaceId } of await addressedAmong(tx, pieces)) {
            // A short code or a name is nobody's telephone, and is not written to.
            const number = asE164(from);
            if (number === null) continue;
            await suppress(tx, keyring, number, {
              workspaceId,
              kind: 'stop',
              covers: 'marketing',
              source: 'recipient',
            });
            stopped.add(1);
          }
        });
      }
      return sink.receive(parts);
    },
  };
}
