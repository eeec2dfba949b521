// The record of a processor (GDPR Art. 30(2)): what is done with messages on behalf of the customers who send and
// receive them.
import type { Obligation, Policy } from '../model.ts';
import type { Voice } from '../render/voice.ts';
import type { Feature } from '../vocabulary/features.ts';
import { PROCESSING_FOR_OTHERS, PROCESSING_KEYS, type ProcessingKey } from './processing-for-others.ts';
import type { ProcessingForOthers, ProcessorRecord, ServedController } from './record.ts';
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

/**
 * `obligations` are those that `policy` compiles to; `served` are the customers for whom messages are processed, of
 * whom the caller keeps the list. Null where nothing is done for others. Pure.
 */
export function processorRecord(
  policy: Policy,
  obligations: readonly Obligation[],
  served: readonly ServedController[],
  options: RecordOptions,
): ProcessorRecord | null {
  const voice = voiceOf(policy, options);
  const processing = PROCESSING_KEYS.flatMap((key) => forOthers(key, policy, obligations, voice));
  if (processing.length === 0) return null;
  const done = processing.map(({ key }) => key);
  return {
    article: 'GDPR Art. 30(2)',
    ...headingOf(policy),
    processor: operatorOf(policy),
    controllers: served.map((controller) => ({
      ...controller,
      processing: done.filter((key) => controller.processing?.includes(key) ?? true),
    })),
    processing,
    measures: measuresOf(obligations, voice),
  };
}

function forOthers(
  key: ProcessingKey,
  policy: Policy,
  obligations: readonly Obligation[],
  voice: Voice,
): ProcessingForOthers[] {
  const { means, features, categories: involved, direction } = PROCESSING_FOR_OTHERS[key];
  const categories = recordedCategories(policy, involved);
  if (categories.length === 0 || !features.some((feature: Feature) => voice.isOn(feature))) return [];
  const held = categories.map((category) => category.key);
  const seers = direction === null ? voice.seersOf(held) : voice.seersOfTexts(direction);
  const subProcessors = voice
    .recipients()
    .filter(([name, { role }]) => seers.includes(name) && (role === 'processor' || role === 'sub_processor'));
  return [
    {
      key,
      means,
      subjects: subjectsInWords(subjectsOf(policy, held)),
      categories,
      sub_processors: subProcessors.map(recordedRecipient),
      transfers: recordedTransfers(policy, subProcessors),
      limits: recordedLimits(
        obligations,
        [...new Set(categories.flatMap(({ retention }) => retention))],
        policy,
      ),
    },
  ];
}
