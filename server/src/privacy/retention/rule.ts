// What retention takes from the policy language: the words of a rule and the arithmetic of durations.
export { boundsMs, durationOf } from '@sotto/policy/duration';
export type { IsoDuration, Policy, RetentionRule } from '@sotto/policy/model';
export type { Disposal, RetentionEvent } from '@sotto/policy/vocabulary/retention';
export { RETENTION_KEYS } from '@sotto/policy/vocabulary/retention';
export type { RetentionKey } from '../map/purposes.ts';
