// The port of the place where data keys live: never the database, its log or its backups. Every adapter passes
// key-store.contract.ts. A data key is 32 random bytes, kept wrapped under a key-encryption epoch:
//
//   master key -> epoch key -> data keys
//
// States of a key: absent -> living -> destroyed. Destroyed is for ever: the tombstone outlives the key.
import type { KeyId } from './key-ref.ts';

export type KeyState =
  | { readonly state: 'living'; readonly key: Buffer }
  | { readonly state: 'destroyed' }
  | { readonly state: 'absent' };

/** What the store holds, in numbers. */
export interface Census {
  readonly living: number;
  readonly destroyed: number;
  /** Living keys that some bytes are still wrapped for, by epoch. A key in two epochs is being rewrapped. */
  readonly byEpoch: ReadonlyMap<number, number>;
  /** Epochs whose key still exists, ascending; the last one wraps new keys. */
  readonly epochs: readonly number[];
}

/** A moment in the erasure log: which log, how many entries it had, and the digest over all of them. */
export interface ErasureMark {
  readonly log: string;
  readonly sequence: number;
  readonly chain: string;
}

/** The store's keys are damaged, or a rule that protects them would be broken. Never carries key material. */
export class KeyStoreFault extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'KeyStoreFault';
  }
}

export interface KeyStore {
  /** 32 random bytes made with the store and never changed: what key ids are computed with. */
  readonly identity: Buffer;

  /**
   * Makes the keys that do not exist and answers for each, in order, with the key or `destroyed`. When it
   * resolves, every living key is on disk. May be repeated and run from several processes at once: all of them
   * get the same key.
   */
  create(ids: readonly KeyId[]): Promise<Exclude<KeyState, { state: 'absent' }>[]>;

  /** Reads one key. */
  open(id: KeyId): Promise<KeyState>;

  /**
   * Destroys keys, also ones that were never made: none of them can be made afterwards. When it resolves, the
   * wrapped bytes are overwritten on disk. May be repeated.
   */
  destroy(ids: readonly KeyId[]): Promise<void>;

  census(): Promise<Census>;

  /** Adds an epoch that wraps every key made from now on, by every process, and returns its number. */
  addEpoch(): Promise<number>;

  /**
   * Moves every living key to `epoch`, which must be the newest, and returns how many it moved. A key is
   * readable at every moment; killed half-way it leaves keys that later calls finish.
   */
  rewrap(epoch: number): Promise<number>;

  /** Destroys an epoch's key. Refused for the newest one, and while a living key depends on it. */
  destroyEpoch(epoch: number): Promise<void>;

  /** Runs `work` while no other process rotates this store. Refused at once when one does. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;

  /**
   * How far the erasure log was applied to this store; null when never. It lies with the keys, so that a store
   * restored from a backup remembers what the backup knew.
   */
  erasuresApplied(): Promise<ErasureMark | null>;

  /** Remembers it. Durable when it resolves. */
  noteErasuresApplied(mark: ErasureMark): Promise<void>;

  close(): Promise<void>;
}
