// The parts that both records share: who is responsible, what is held, who receives it, where it goes, how long it is
// kept, and the measures that protect it.
import type { Obligation, Policy, RecipientStatement } from '../model.ts';
import { english } from '../render/en.ts';
import { cleanText } from '../render/foreign-text.ts';
import { sectionOf } from '../render/placement.ts';
import { isPresent } from '../render/presence.ts';
import { sentenceOf } from '../render/sentence-of.ts';
import { Voice } from '../render/voice.ts';
import type { Category } from '../vocabulary/categories.ts';
import { TRANSFER_MECHANISMS } from '../vocabulary/recipients.ts';
import type { RetentionKey } from '../vocabulary/retention.ts';
import type {
  Party,
  RecordedCategory,
  RecordedLimit,
  RecordedRecipient,
  RecordedTransfer,
  RecordHeading,
} from './record.ts';
import type { RecordOptions } from './record-options.ts';

const words = english.words;

/** The policy's words in English, in which records are kept. */
export const voiceOf = (policy: Policy, { isOn, today }: RecordOptions): Voice =>
  new Voice(policy, english, isOn, today);

export const headingOf = ({ policy: { id, version, effective } }: Policy): RecordHeading => ({
  policy: id,
  version,
  effective,
});

export function operatorOf({ controller }: Policy): Party {
  const { name, address, contacts, dpo, eu_representative } = controller;
  return {
    name: cleanText(name),
    contacts: [address, ...contacts.map(({ value }) => value)].map(cleanText),
    representative: eu_representative ? cleanText(eu_representative) : null,
    data_protection_officer: dpo ? cleanText(dpo) : null,
  };
}

/** Those of the categories that the policy holds, in its order. */
export function recordedCategories(policy: Policy, categories: readonly Category[]): RecordedCategory[] {
  return categories.flatMap((key) => {
    const said = policy.data[key];
    if (!said || said.collect === 'never') return [];
    const source = said.source ? cleanText(said.source) : words.collected[said.collect];
    return [{ key, means: words.categories[key], source, retention: said.retention }];
  });
}

export const subjectsInWords = (subjects: Policy['subjects']) =>
  subjects.map((key) => ({ key, means: words.subjects[key] }));

export function recordedRecipient([key, recipient]: readonly [
  string,
  RecipientStatement,
]): RecordedRecipient {
  const { name, role, country, dpa } = recipient;
  return {
    key,
    name: cleanText(name),
    role,
    country,
    contract: dpa
      ? { ref: cleanText(dpa.ref), signed: dpa.signed ?? null, expires: dpa.expires ?? null }
      : null,
  };
}

/** Transfers are to recipients in a country the policy names as outside, or on a mechanism that is for such countries. */
export function recordedTransfers(
  policy: Policy,
  recipients: readonly (readonly [string, RecipientStatement])[],
): RecordedTransfer[] {
  return recipients
    .filter(
      ([, { country, transfer }]) => transfer !== undefined || policy.transfers.allowed.includes(country),
    )
    .map(([key, { country, transfer }]) => ({
      recipient: key,
      country,
      mechanism: transfer ?? null,
      safeguards: transfer
        ? `${words.mechanisms[transfer].replace(/ \(.*$/, '')} (${TRANSFER_MECHANISMS[transfer]})`
        : '',
    }));
}

/** Limits of the rules, without those the policy has no rule for. */
export function recordedLimits(
  obligations: readonly Obligation[],
  keys: readonly RetentionKey[],
  policy: Policy,
): RecordedLimit[] {
  return obligations.flatMap((obligation) => {
    if (
      obligation.kind !== 'BOUND' ||
      obligation.what.type !== 'retention' ||
      !keys.includes(obligation.what.key)
    )
      return [];
    const { what, duration, from, until, then } = obligation;
    return [
      {
        rule: what.key,
        means: words.retentionKeys[what.key],
        duration,
        from,
        until: until ?? null,
        then,
        legal_hold: policy.retention[what.key]?.hold === 'legal_hold',
      },
    ];
  });
}

/** A general description of the measures (Art. 32(1)): the sentences of the page's section on security. */
export function measuresOf(obligations: readonly Obligation[], voice: Voice): string[] {
  return obligations
    .filter((obligation) => sectionOf(obligation) === 'security' && isPresent(obligation, voice))
    .map((obligation) => cleanText(sentenceOf(obligation, voice)));
}
