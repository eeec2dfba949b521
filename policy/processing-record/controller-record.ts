// The record of a controller (GDPR Art. 30(1)): one activity for each purpose that data is held for.
import type { Obligation, Policy } from '../model.ts';
import { english } from '../render/en.ts';
import { cleanText } from '../render/foreign-text.ts';
import type { Voice } from '../render/voice.ts';
import { LEGAL_BASES } from '../vocabulary/bases.ts';
import { CATEGORY_KEYS, type Category } from '../vocabulary/categories.ts';
import { PURPOSE_KEYS, PURPOSES, type Purpose } from '../vocabulary/purposes.ts';
import { PURPOSES_IN_DPV } from './purposes-in-dpv.ts';
import type { Activity, ControllerRecord } from './record.ts';
import type { RecordOptions } from './record-options.ts';
import {
  headingOf,
  measuresOf,
  operatorOf,
  recordedCategories,
  recordedLimits,
  recordedRecipient,
  recordedTransfers,
  subjectsInWords,
  voiceOf,
} from './record-parts.ts';
import { subjectsOf } from './subjects-of.ts';

/** `obligations` are those that `policy` compiles to. Pure. */
export function controllerRecord(
  policy: Policy,
  obligations: readonly Obligation[],
  options: RecordOptions,
): ControllerRecord {
  const voice = voiceOf(policy, options);
  const joint = voice.recipients().filter(([, { role }]) => role === 'joint_controller');
  return {
    article: 'GDPR Art. 30(1)',
    ...headingOf(policy),
    controller: operatorOf(policy),
    joint_controllers: joint.map(([, { name, country }]) => ({ name: cleanText(name), country })),
    activities: PURPOSE_KEYS.flatMap((purpose) => activity(purpose, policy, obligations, voice)),
    measures: measuresOf(obligations, voice),
  };
}

function activity(
  purpose: Purpose,
  policy: Policy,
  obligations: readonly Obligation[],
  voice: Voice,
): Activity[] {
  const said = policy.purposes[purpose];
  const held = categoriesFor(purpose, policy);
  if (!said || held.length === 0 || voice.isResting(purpose)) return [];
  const recipients = voice.recipients().filter(([, recipient]) => recipient.purposes.includes(purpose));
  const categories = recordedCategories(policy, held);
  return [
    {
      id: `activity:${purpose}`,
      purpose: {
        key: purpose,
        means: english.words.purposes[purpose],
        fideslang: PURPOSES[purpose].use,
        dpv: PURPOSES_IN_DPV[purpose],
      },
      basis: {
        key: said.basis,
        article: LEGAL_BASES[said.basis],
        interest: said.interest ? cleanText(said.interest) : null,
        balancing: said.balancing ? cleanText(said.balancing) : null,
      },
      subjects: subjectsInWords(subjectsOf(policy, held)),
      categories,
      recipients: recipients.map(recordedRecipient),
      transfers: recordedTransfers(policy, recipients),
      limits: recordedLimits(
        obligations,
        [...new Set(categories.flatMap(({ retention }) => retention))],
        policy,
      ),
    },
  ];
}

/** Personal data that is held for a purpose; data of the machinery is about nobody. */
const categoriesFor = (purpose: Purpose, policy: Policy): Category[] =>
  CATEGORY_KEYS.filter((category) => {
    const said = policy.data[category];
    return (
      category !== 'system.operations' && said && said.collect !== 'never' && said.purposes.includes(purpose)
    );
  });
