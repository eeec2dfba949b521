// A small memory of tokens that were looked up. An entry lives two seconds, or until what it names ends if that is
// sooner, so a revocation reaches every process within two seconds and the revoking one at once. Unknown tokens are
// not remembered, or a flood of invented ones would push the real ones out.
//
// Timing says nothing about secrets: what is compared by index and map is an HMAC under a key no caller has.
import type { Keyring } from '#privacy';
import { ExpiringCache } from './expiring-cache.ts';

export interface RememberedTokensOptions<Known> {
  readonly keyring: Keyring;
  /** Where the hashes of these tokens stand. */
  readonly column: `accounts.${string}.${string}`;
  /** One look-up by the candidates of a hash; undefined when there is no such token. */
  readonly find: (candidates: readonly Buffer[]) => Promise<Known | undefined>;
  /** How long what was found stays true by itself, in milliseconds; null when it does not end. */
  readonly livesMs: (known: Known) => number | null;
  /** Ids whose change makes what was found untrue. */
  readonly idsOf: (known: Known) => readonly string[];
  readonly ttlMs: number;
  readonly entriesMax: number;
  readonly nowMs: () => number;
}

export class RememberedTokens<Known> {
  readonly #options: RememberedTokensOptions<Known>;
  readonly #cache: ExpiringCache<Known>;
  /** Ids just changed: a look-up that began before the commit must not be remembered. */
  readonly #distrusted: ExpiringCache<true>;
  readonly #underway = new Map<string, Promise<Known | undefined>>();

  constructor(options: RememberedTokensOptions<Known>) {
    this.#options = options;
    this.#cache = new ExpiringCache(options);
    this.#distrusted = new ExpiringCache(options);
  }

  /** What is known of a token: at once when it is remembered, else after one look-up that many may wait for. */
  know(token: string): Known | undefined | Promise<Known | undefined> {
    const candidates = this.#options.keyring.macCandidates(this.#options.column, token);
    // The memory and its keys hold no secret either: they are the hashes.
    const hash = candidates[0]!.toString('latin1');
    const known = this.#cache.get(hash) ?? this.#underway.get(hash);
    if (known) return known;
    const asked: Promise<Known | undefined> = this.#lookUp(hash, candidates).finally(() => {
      if (this.#underway.get(hash) === asked) this.#underway.delete(hash);
    });
    this.#underway.set(hash, asked);
    return asked;
  }

  async #lookUp(hash: string, candidates: readonly Buffer[]): Promise<Known | undefined> {
    const { find, idsOf, livesMs, ttlMs } = this.#options;
    const known = await find(candidates);
    if (known === undefined) return undefined;
    if (!idsOf(known).some((id) => this.#distrusted.get(id))) {
      const lives = livesMs(known);
      this.#cache.set(hash, known, lives === null || lives <= 0 ? ttlMs : Math.min(ttlMs, lives));
    }
    return known;
  }

  /** A look-up on its way may have read the old state: nobody joins it any more, and its answer is not kept. */
  distrust(id: string): void {
    this.#distrusted.set(id, true, this.#options.ttlMs);
    this.#underway.clear();
    this.#cache.dropWhere((known) => this.#options.idsOf(known).includes(id));
  }
}
