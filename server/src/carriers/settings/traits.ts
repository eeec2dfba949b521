// What a message is cut by, from a connector's settings: the same for the connector that submits and for whoever
// counts segments before, in whichever process.
import type { Database } from '#platform/database';
import type { ConnectorTraits } from '../port.ts';
import { selectTraits } from './connector-rows.sql.ts';
import type { ConnectorSettings } from './connector-settings.ts';

export const traitsOf = (
  settings: Pick<ConnectorSettings, 'defaultAlphabet' | 'longMessages'>,
): ConnectorTraits => ({
  defaultAlphabet: settings.defaultAlphabet === 'gsm7_packed' ? 'gsm7' : settings.defaultAlphabet,
  referenceBits: settings.longMessages === 'udh16' ? 16 : 8,
});

/** The traits of every connector, enabled or not, by id. */
export async function readTraits(db: Database): Promise<ReadonlyMap<string, ConnectorTraits>> {
  const rows = await db.batch(selectTraits);
  return new Map(rows.map((row) => [row.id, traitsOf(row)]));
}
