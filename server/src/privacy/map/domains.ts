// The PostgreSQL domains of migration 0002 as types. The generated table types carry the same brands, so what
// the keyring returns fits the columns of that domain and no other column.
import type { Branded } from '#platform/brand';

/** A value sealed under a data key (`privacy.sealed`). */
export type Sealed = Branded<Buffer, 'Sealed'>;

/** A keyed look-up index (`privacy.blind_index`): epoch byte and 16 bytes of HMAC. */
export type BlindIndex = Branded<Buffer, 'BlindIndex'>;

/** A keyed hash of a secret (`privacy.keyed_hash`): epoch byte and 32 bytes of HMAC. */
export type KeyedHash = Branded<Buffer, 'KeyedHash'>;

/** What a jsonb column reads as in the generated types. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
