// In which form messages lie in the database: read as the owner after a run. And the one thing the plain build needs of
// the database: that the type of sealed values takes what is not sealed.
import pg from 'pg';
import { asOwner } from '../process/as-owner.ts';

export interface StoredForms {
  readonly messages: number;
  /** Messages whose text, recipient and recipient's index can be read by whoever reads the row. */
  readonly plainTexts: number;
  readonly plainRecipients: number;
  readonly plainIndexes: number;
}

const FORMS = `
  select count(*)::float8 as "messages",
         count(*) filter (where body = convert_to($1, 'UTF8'))::float8 as "plainTexts",
         count(*) filter (where encode(recipient, 'escape') ~ '^\\+[0-9]{13}$')::float8 as "plainRecipients",
         count(*) filter (where recipient_index = '\\x01'::bytea || recipient || '\\x0000'::bytea)::float8 as "plainIndexes"
    from messages.message`;

/** Reads every message: after a run, never within one. */
export const readForms = (url: string, text: string): Promise<StoredForms> =>
  asOwner(url, async (client) => (await client.query<StoredForms>(FORMS, [text])).rows[0]!);

/** Takes the check away that a sealed value looks like one. */
export const admitPlain = (url: string): Promise<void> =>
  asOwner(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select conname as name from pg_constraint where contypid = 'privacy.sealed'::regtype`,
    );
    for (const { name } of rows)
      await client.query(`alter domain privacy.sealed drop constraint ${pg.escapeIdentifier(name)}`);
  });
