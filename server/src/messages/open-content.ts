// Opens what acceptance sealed, for the sender alone.
import { idTimeMs } from '#platform/ids';
import { type Keyring, utcDay } from '#privacy';
import type { Outbound } from './handoff.ts';
import type { ContentRow } from './sender.sql.ts';

/** Content by message id; null where it was erased or its key destroyed. Missing where no such message exists. */
export async function openContent(
  keyring: Keyring,
  rows: readonly ContentRow[],
): Promise<Map<string, Outbound | null>> {
  const keyIdOf = (row: ContentRow) =>
    keyring.keyId({
      class: 'content_outbound',
      workspaceId: row.workspace_id,
      day: utcDay(idTimeMs(row.id)),
    });
  await keyring.load([...new Set(rows.map(keyIdOf))]);
  return new Map(
    rows.map((row) => {
      const place = { rowId: row.id, ownerId: row.workspace_id, keyId: keyIdOf(row) };
      const opened = (column: 'recipient' | 'body', sealed: Buffer | null) => {
        if (sealed === null) return null;
        const value = keyring.open({ ...place, column: `messages.message.${column}` }, sealed);
        return value.state === 'open' ? value.plaintext.toString() : null;
      };
      const to = opened('recipient', row.recipient);
      const text = opened('body', row.body);
      if (to === null || text === null) return [row.id, null];
      return [
        row.id,
        {
          messageId: row.id,
          workspaceId: row.workspace_id,
          to,
          text,
          sender: row.sender,
          encoding: row.encoding,
          segments: row.segments,
          pricePerPartMicros: row.price_per_part,
        },
      ];
    }),
  );
}
