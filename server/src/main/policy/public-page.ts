// The public page of the policy in force, in its languages. Features that are off leave no sentence on it.
import { compile } from '@sotto/policy';
import { composePage } from '@sotto/policy/render/compose-page';
import type { Page } from '@sotto/policy/render/page';
import type { Language } from '@sotto/policy/vocabulary/people';
import { featuresOf } from './features.ts';
import type { PolicyFile } from './policy-file.ts';
import { today } from './today.ts';

/** The page as it reads today. Pure but for the day. */
export function pageOf({ policy }: Pick<PolicyFile, 'policy'>, language: Language): Page {
  const features = featuresOf(policy);
  return composePage(policy, compile(policy), {
    language,
    isOn: (feature) => features.has(feature),
    today: today(),
  });
}
