// Messages that their recipients do not want are refused, in the flush that would accept them: to who opted out of their
// class, and marketing to who did not consent to it, where the policy in force rests marketing on consent. A flush asks
// in its first round trip, and only about what the answer can be about: about marketing, and about everything while some
// suppression of the installation covers all classes. Otherwise codes and transactional messages pay nothing for it.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { consentedAmong } from '#privacy/consent';
import { isAnySuppressed, suppressedAmong } from '#privacy/suppressions';
import type { Entry, SealedMessage } from './flush.ts';
import type { ItemRefusal } from './preparation.ts';

const OPTED_OUT: ItemRefusal = { code: 'recipient_opted_out', field: 'to' };
const NO_CONSENT: ItemRefusal = {
  code: 'restricted',
  field: 'to',
  detail: 'Marketing needs a consent of the recipient that stands; none is recorded.',
};
const NOTHING: ReadonlyMap<SealedMessage, ItemRefusal> = new Map();

/** The messages among these that their recipients do not want, each with its refusal. */
export type FindUnwanted = (
  tx: Tx,
  entries: readonly Entry[],
  suppressesAll: boolean,
) => Promise<ReadonlyMap<SealedMessage, ItemRefusal>>;

/**
 * Makes the check of one process. While there is no suppression at all, a flush asks for that alone and computes no
 * index for it; once there was one, numbers are asked about at once. All see what is committed when the flush begins.
 */
export function createUnwantedCheck(keyring: Keyring, marketingNeedsConsent: boolean): FindUnwanted {
  let seen = false;

  async function optedOut(
    tx: Tx,
    concerned: readonly SealedMessage[],
    suppressesAll: boolean,
  ): Promise<readonly SealedMessage[]> {
    if (!seen) {
      seen = suppressesAll || (await isAnySuppressed(tx));
      if (!seen) return [];
    }
    const found = await suppressedAmong(tx, keyring, concerned.map(askedOf));
    return concerned.filter((_, at) => found.has(at));
  }

  async function unconsented(tx: Tx, concerned: readonly SealedMessage[]): Promise<readonly SealedMessage[]> {
    if (!marketingNeedsConsent) return [];
    const marketing = concerned.filter(isMarketing);
    const found = await consentedAmong(tx, keyring, marketing.map(askedOf));
    return marketing.filter((_, at) => !found.has(at));
  }

  return async (tx, entries, suppressesAll) => {
    const concerned: SealedMessage[] = [];
    for (const { items } of entries) {
      for (const item of items) {
        if ('row' in item && (suppressesAll || isMarketing(item))) concerned.push(item);
      }
    }
    if (concerned.length === 0) return NOTHING;
    const [missing, out] = await Promise.all([
      unconsented(tx, concerned),
      optedOut(tx, concerned, suppressesAll),
    ]);
    // Who said no is told so, also where they did not say yes before.
    return new Map([
      ...missing.map((message) => [message, NO_CONSENT] as const),
      ...out.map((message) => [message, OPTED_OUT] as const),
    ]);
  };
}

const isMarketing = ({ row }: SealedMessage): boolean => row.class === 'marketing';

const askedOf = ({ row, prepared }: SealedMessage) => ({
  workspaceId: row.workspaceId,
  number: prepared.to,
  class: row.class,
});

/** The entries with a refusal in place of each message found; what an earlier try has `stored` stays accepted. */
export function withRefusals(
  entries: readonly Entry[],
  unwanted: ReadonlyMap<SealedMessage, ItemRefusal>,
  stored: ReadonlySet<string>,
): readonly Entry[] {
  if (unwanted.size === 0) return entries;
  return entries.map((entry) => ({
    ...entry,
    items: entry.items.map((item) =>
      'row' in item && !stored.has(item.id) ? (unwanted.get(item) ?? item) : item,
    ),
  }));
}
