// Generated from the catalog after all migrations by `npm run schema`. Do not edit.
import type { Generated } from 'kysely';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface DB {
  'platform.idempotency': {
    id: string;
    /** The workspace (or platform principal) whose keys these are. */
    scope: string;
    key_mac: Buffer;
    request_mac: Buffer;
    /** HTTP status of the answer; null while undecided. */
    status: number | null;
    /** Sealed; what is needed to answer the same request again. */
    answer: Buffer | null;
  };
  'platform.job': {
    id: string;
    name: string;
    key: string | null;
    /** Ids only, validated by the handler. */
    payload: Json;
    due_at: Date;
    attempts: Generated<number>;
    attempts_max: number;
    lease_token: string | null;
    lease_epoch: Generated<bigint>;
    dead_at: Date | null;
    /** Error code or class, never a text that could quote data. */
    last_error: string | null;
    created_at: Generated<Date>;
  };
  'platform.outbox': {
    id: string;
    name: string;
    /** Ids only. */
    payload: Json;
    created_at: Generated<Date>;
  };
  'platform.partitioned': {
    parent: string;
    every: Generated<string>;
    /** Storage parameters of each partition; a partitioned parent can carry none. */
    storage: Generated<string>;
  };
}
