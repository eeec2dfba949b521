// The port through which every context seals, opens and indexes. Asynchronous once a batch (`ensure`, `load`),
// synchronous for each value after that: about 10 microseconds a value, 5 an index.
import type { BlindIndex, KeyedHash, Sealed } from '../map/domains.ts';
import type { KeyId, KeyRef } from './key-ref.ts';
import type { ColumnName, Place } from './sealing.ts';
import type { Signature, SigningKey } from './signing.ts';

/** A sealed value was read: its text, or the fact that its key is destroyed. */
export type Opened = { readonly state: 'open'; readonly plaintext: Buffer } | { readonly state: 'shredded' };

/** A key is ready for use. Under a shredded one everything written reads as shredded, so a late write is harmless. */
export interface EnsuredKey {
  readonly keyId: KeyId;
  readonly state: 'living' | 'shredded';
}

/** Counters since start. They carry no ids and may be published as metrics. */
export interface KeyringStats {
  readonly cached: number;
  readonly hits: number;
  readonly loads: number;
  readonly evictions: number;
  readonly seals: number;
  readonly opens: number;
  readonly shreddedReads: number;
}

/** The caller used a key it had not asked for with `ensure` or `load`, or waited longer than the cache keeps one. */
export class KeyNotReady extends Error {
  constructor() {
    super('A key was used before ensure() or load() had it ready');
    this.name = 'KeyNotReady';
  }
}

export interface Keyring {
  /** The id of a key, computed; touches no store. */
  keyId(ref: KeyRef): KeyId;

  /**
   * Makes the keys that do not exist and gets all of them ready for `seal`, `open` and `index`, answering in the
   * order asked. When it resolves, every key is on disk: only then may a row be written that uses it. At most
   * `ENSURE_MAX` different ones at once. May be repeated; costs nothing for keys that are ready.
   */
  ensure(refs: readonly KeyRef[]): Promise<EnsuredKey[]>;

  /** Gets existing keys ready for reading. Never makes one. At most `ENSURE_MAX` different ones at once. */
  load(keyIds: readonly KeyId[]): Promise<void>;

  /** Seals a value for its place. Throws `KeyNotReady`; never fails on a shredded key. */
  seal(place: Place, plaintext: Buffer | string): Sealed;

  /**
   * Opens a value in its place, or says that it is shredded. Throws `SealBroken` for a value that was altered
   * or moved, `KeyNotReady` for a key not loaded, `KeyStoreFault` for a key the store has never had.
   */
  open(place: Place, sealed: Buffer): Opened;

  /** The reference of a workspace's index key in the current epoch, for `ensure`. */
  indexRef(workspaceId: string): KeyRef;

  /** The index to write for a value of one workspace. The caller normalises. Never for texts or codes. */
  index(column: ColumnName, workspaceId: string, value: string): BlindIndex;

  /**
   * The indexes to look for, one for every epoch in use: `where recipient_index = any($1)`. Keys of earlier
   * epochs are loaded with `load(keyring.indexKeyIds(workspaceId))`.
   */
  indexCandidates(column: ColumnName, workspaceId: string, value: string): BlindIndex[];

  /** Ids of a workspace's index keys in all epochs in use. */
  indexKeyIds(workspaceId: string): KeyId[];

  /** The index of a value that must compare across workspaces: sign-in, limits and suppression, nothing else. */
  globalIndex(column: ColumnName, value: string): BlindIndex;
  globalIndexCandidates(column: ColumnName, value: string): BlindIndex[];

  /** The keyed hash to store of a secret that is compared and never shown again: API keys, session tokens. */
  mac(column: ColumnName, value: string | Buffer): KeyedHash;
  /** The keyed hashes a stored secret may have, one for every epoch in use, for a look-up by equality. */
  macCandidates(column: ColumnName, value: string | Buffer): KeyedHash[];
  /** Compares in constant time with what was stored under any epoch in use. */
  macMatches(column: ColumnName, value: string | Buffer, stored: Buffer): boolean;

  /**
   * The pseudonym of somebody or something in the audit trail: the same value gives the same pseudonym until the
   * audit key's epoch ends, and nobody without the key can make or test one.
   */
  pseudonym(column: ColumnName, value: string): KeyedHash;

  /** Signs with the newest signing key (Ed25519, RFC 8032). The key is in the key store and leaves it for no one. */
  sign(content: Buffer): Signature;
  /** Whether the signature is one of this installation over exactly this content; false for an epoch not in use. */
  isSigned(content: Buffer, signature: Signature): boolean;
  /** The public keys of all epochs in use, newest first, for whoever checks signatures elsewhere. */
  signingKeys(): readonly SigningKey[];

  /** Destroys keys for ever, on disk and in this process. Other processes forget them within the cache's time. */
  destroy(keyIds: readonly KeyId[]): Promise<void>;

  /** Forgets keys another process destroyed, ahead of time. */
  evict(keyIds: readonly KeyId[]): void;

  stats(): KeyringStats;

  /** Wipes every key in memory. */
  close(): Promise<void>;
}

/** Different keys one call may ask for. Larger batches are split by the caller. */
export const ENSURE_MAX = 1024;
