// A small database every fixture of this folder is about, in the form of the generated types.
import type { Generated, GeneratedAlways } from 'kysely';
import type { BlindIndex, Json, KeyedHash, Sealed } from '../../src/privacy/map/domains.ts';

export interface DB {
  'ledger.account': {
    id: Generated<string>;
    workspace_id: string;
    posted: Generated<bigint>;
    held: GeneratedAlways<bigint> | null;
  };
  'ledger.posting': { id: string; account_id: string; amount: bigint };
  'messages.message': {
    id: string;
    workspace_id: string;
    body: Sealed | null;
    recipient: Sealed;
    recipient_index: BlindIndex;
    note: string | null;
    detail: Json;
  };
  'accounts.api_key': { id: string; workspace_id: string; hash: KeyedHash };
}
