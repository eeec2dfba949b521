// The keyring over a key store. It adds no state of its own but the cache: what it answers follows from the
// store, the references and the values.
import { randomBytes } from 'node:crypto';
import { monotonicMs } from '#platform/clock';
import type { BlindIndex } from '../map/domains.ts';
import { blindIndex, deriveIndexKey, keyedHash, sameHash } from './blind-index.ts';
import { type CachedKey, derivedOnce, KeyCache } from './key-cache.ts';
import { type GlobalUse, type KeyId, type KeyRef, keyIdOf, keyName } from './key-ref.ts';
import { type KeyState, type KeyStore, KeyStoreFault } from './key-store.ts';
import { ENSURE_MAX, KeyNotReady, type Keyring } from './keyring.ts';
import {
  type ColumnName,
  deriveSubKey,
  isShreddedValue,
  openValue,
  type Place,
  SEALS_PER_KEY_MAX,
  SealBroken,
  sealValue,
  shreddedValue,
} from './sealing.ts';
import { isSignedBy, publicKeyOf, signWith } from './signing.ts';

export interface KeyringOptions {
  /** Keys kept in memory, at least four calls' worth of `ensure`. */
  readonly cachedKeysMax?: number;
  /** How long a key is used without asking the store again: the longest an erasure takes to reach this process. */
  readonly ttlMs?: number;
  /** Epochs of indexes and keyed hashes, newest first: the first one writes, all of them match. */
  readonly indexEpochs?: readonly [number, ...number[]];
  /** A clock that never steps, in milliseconds. */
  readonly nowMs?: () => number;
}

const CACHED_KEYS_MAX = 16_384;
const TTL_MS = 60_000;
/** Key ids remembered by name, so that a batch does not compute them again. */
const KNOWN_IDS_MAX = 65_536;

/** Opens the keyring and gets the global index keys ready, making them in a new store. */
export async function openKeyring(store: KeyStore, options: KeyringOptions = {}): Promise<Keyring> {
  const epochs = options.indexEpochs ?? [1];
  const nowMs = options.nowMs ?? monotonicMs;
  const cache = new KeyCache({
    keysMax: Math.max(options.cachedKeysMax ?? CACHED_KEYS_MAX, 4 * ENSURE_MAX),
    ttlMs: options.ttlMs ?? TTL_MS,
    nowMs,
  });
  const knownIds = new Map<string, KeyId>();
  const loading = new Map<KeyId, Promise<void>>();
  const count = { hits: 0, loads: 0, seals: 0, opens: 0, shreddedReads: 0 };

  // Global keys stay for the life of the process: without them nobody can sign in. An epoch ends by leaving
  // `indexEpochs`, which takes a restart, and then by destroying its keys.
  const globals = new Map<string, CachedKey>();
  for (const use of ['index', 'mac', 'audit', 'signing'] as const) {
    for (const epoch of epochs) {
      const [state] = await store.create([keyIdOf(store.identity, { class: 'global', use, epoch })]);
      if (state!.state !== 'living')
        throw new KeyStoreFault(`The global ${use} key of epoch ${epoch} is destroyed`);
      globals.set(`${use}${epoch}`, {
        ...state!,
        derived: new Map(),
        seals: 0,
        expiresAtMs: Number.POSITIVE_INFINITY,
      });
    }
  }

  function keyId(ref: KeyRef): KeyId {
    const name = keyName(ref);
    const known = knownIds.get(name);
    if (known) return known;
    const id = keyIdOf(store.identity, ref);
    if (knownIds.size >= KNOWN_IDS_MAX) knownIds.clear();
    knownIds.set(name, id);
    return id;
  }

  /** Asks the store for what is not fresh. Callers who want the same key at once share one question. */
  async function refresh(ids: readonly KeyId[], ask: (ids: KeyId[]) => Promise<KeyState[]>): Promise<void> {
    const distinct = new Set(ids);
    if (distinct.size > ENSURE_MAX) throw new RangeError(`At most ${ENSURE_MAX} different keys at once`);
    const waits = new Set<Promise<void>>();
    const wanted: KeyId[] = [];
    for (const id of distinct) {
      const pending = loading.get(id);
      if (cache.isFresh(id)) count.hits += 1;
      else if (pending) waits.add(pending);
      else wanted.push(id);
    }
    if (wanted.length > 0) {
      count.loads += wanted.length;
      const asked = ask(wanted)
        .then((states) => {
          wanted.forEach((id, index) => {
            // A key destroyed while it was being read must not come back through the answer.
            if (loading.get(id) === asked) cache.put(id, states[index]!);
          });
        })
        .finally(() => {
          for (const id of wanted) if (loading.get(id) === asked) loading.delete(id);
        });
      for (const id of wanted) loading.set(id, asked);
      waits.add(asked);
    }
    await Promise.all(waits);
  }

  const create = (ids: KeyId[]) => store.create(ids);
  const read = (ids: KeyId[]) => Promise.all(ids.map((id) => store.open(id)));

  function ready(id: KeyId): CachedKey {
    const key = cache.get(id);
    if (!key) throw new KeyNotReady();
    return key;
  }

  function subKey(key: CachedKey, place: Place) {
    const name = place.leaseId === undefined ? place.column : `${place.column}|${place.leaseId}`;
    const [bytes, commitment] = derivedOnce(key, name, (dataKey) => {
      const derived = deriveSubKey(dataKey, place.column, place.leaseId);
      return [derived.key, derived.commitment] as const;
    });
    return { key: bytes, commitment };
  }

  const columnKey = (key: CachedKey, column: ColumnName) =>
    derivedOnce(key, column, (indexKey) => [deriveIndexKey(indexKey, column)] as const)[0];

  const globalKey = (use: GlobalUse, epoch: number, column: ColumnName) =>
    columnKey(globals.get(`${use}${epoch}`)!, column);

  const seed = (epoch: number) => globals.get(`signing${epoch}`)!.key;

  const indexRefOf = (workspaceId: string, epoch: number): KeyRef => ({ class: 'index', workspaceId, epoch });

  function workspaceIndex(
    column: ColumnName,
    workspaceId: string,
    epoch: number,
    value: string,
  ): BlindIndex | undefined {
    const key = ready(keyId(indexRefOf(workspaceId, epoch)));
    if (key.state !== 'living') return undefined;
    return blindIndex(columnKey(key, column), epoch, value);
  }

  const macCandidates = (column: ColumnName, value: string | Buffer) =>
    epochs.map((epoch) => keyedHash(globalKey('mac', epoch, column), epoch, value));

  return {
    keyId,

    async ensure(refs) {
      const ids = refs.map(keyId);
      await refresh(ids, create);
      // A key read as absent a moment ago is fresh in the cache and still has to be made.
      const absent = ids.filter((id) => ready(id).state === 'absent');
      if (absent.length > 0) {
        cache.evict(absent);
        await refresh(absent, create);
      }
      return ids.map((id) => ({ keyId: id, state: ready(id).state === 'living' ? 'living' : 'shredded' }));
    },

    load: (keyIds) => refresh(keyIds, read),

    seal(place, plaintext) {
      const key = ready(place.keyId);
      if (key.state === 'absent') throw new KeyNotReady();
      if (key.state === 'destroyed') return shreddedValue();
      if (key.seals >= SEALS_PER_KEY_MAX) throw new KeyStoreFault('A data key has sealed as often as it may');
      key.seals += 1;
      count.seals += 1;
      return sealValue(subKey(key, place), place, plaintext);
    },

    open(place, sealed) {
      const key = ready(place.keyId);
      if (key.state === 'absent')
        throw new KeyStoreFault('A stored value names a key this store has never had');
      if (key.state === 'destroyed') {
        count.shreddedReads += 1;
        return { state: 'shredded' };
      }
      // Only a destroyed key may answer for this marker: under a living one somebody cut a value short.
      if (isShreddedValue(sealed)) throw new SealBroken(place.column);
      count.opens += 1;
      return { state: 'open', plaintext: openValue(subKey(key, place), place, sealed) };
    },

    indexRef: (workspaceId) => indexRefOf(workspaceId, epochs[0]),
    indexKeyIds: (workspaceId) => epochs.map((epoch) => keyId(indexRefOf(workspaceId, epoch))),

    index(column, workspaceId, value) {
      const index = workspaceIndex(column, workspaceId, epochs[0], value);
      // Of a shredded workspace: noise, which links to nothing and is found by nobody.
      return index ?? (Buffer.concat([Buffer.from([0]), randomBytes(16)]) as BlindIndex);
    },

    indexCandidates: (column, workspaceId, value) =>
      epochs
        .map((epoch) => workspaceIndex(column, workspaceId, epoch, value))
        .filter((index) => index !== undefined),

    globalIndex: (column, value) => blindIndex(globalKey('index', epochs[0], column), epochs[0], value),
    globalIndexCandidates: (column, value) =>
      epochs.map((epoch) => blindIndex(globalKey('index', epoch, column), epoch, value)),

    mac: (column, value) => keyedHash(globalKey('mac', epochs[0], column), epochs[0], value),
    macCandidates,
    macMatches: (column, value, stored) =>
      macCandidates(column, value).reduce((found, candidate) => sameHash(candidate, stored) || found, false),

    pseudonym: (column, value) => keyedHash(globalKey('audit', epochs[0], column), epochs[0], value),

    sign: (content) => ({ epoch: epochs[0], bytes: signWith(seed(epochs[0]), content) }),
    isSigned: (content, { epoch, bytes }) =>
      epochs.includes(epoch) && isSignedBy(publicKeyOf(seed(epoch)), content, bytes),
    signingKeys: () => epochs.map((epoch) => ({ epoch, publicKey: publicKeyOf(seed(epoch)) })),

    async destroy(keyIds) {
      for (const id of keyIds) loading.delete(id);
      cache.evict(keyIds);
      await store.destroy(keyIds);
      for (const id of keyIds) {
        loading.delete(id);
        cache.put(id, { state: 'destroyed' });
      }
    },

    evict(keyIds) {
      for (const id of keyIds) loading.delete(id);
      cache.evict(keyIds);
    },

    stats: () => ({ ...count, cached: cache.size, evictions: cache.evictions }),

    async close() {
      cache.clear();
      for (const key of globals.values()) {
        key.key.fill(0);
        for (const buffers of key.derived.values()) for (const buffer of buffers) buffer.fill(0);
      }
    },
  };
}
