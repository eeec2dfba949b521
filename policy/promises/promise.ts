// One promise of the catalogue: what is said, what the software does to keep it, how a test proves that, and where
// both stand today.
import type { Assurance, ObligationKind } from '../vocabulary/assurance.ts';
import type { Rule } from './rules.ts';

/** The profiles whose published models make promises, each with the prefix of its ids and how many it makes. */
export const PROMISING_PROFILES = {
  'activation-wallet': { prefix: 'wallet', promises: 43 },
  'activation-dashboard': { prefix: 'dashboard', promises: 48 },
  'carrier-messaging': { prefix: 'carrier', promises: 30 },
  'device-app': { prefix: 'device', promises: 77 },
  'business-messaging': { prefix: 'business', promises: 43 },
} as const;

export type PromisingProfile = keyof typeof PROMISING_PROFILES;

/** What is still to be built where a promise is open. */
export const PARTS = [
  'policy language',
  'boot gate',
  'retention',
  'consent',
  'audit',
  'backup',
  'telemetry',
  'accounts and sign-in',
  'dashboard',
  'payments',
  'support',
  'subject requests',
  'evidence',
  'number service',
  'campaigns',
  'webhooks',
  'mobile push',
] as const;
export type Part = (typeof PARTS)[number];

interface PromiseHead {
  /** `wallet-01`: prefix of the profile and a number of two digits. */
  readonly id: string;
  readonly rule: Rule;
  readonly profile: PromisingProfile;
  /** What the public reads, in our words. */
  readonly statement: string;
  readonly obligation: ObligationKind;
  /** One to three, no two alike: parts of a promise can be enforced and others only stated. */
  readonly assurance: readonly Assurance[];
  /** What the software does to keep it. */
  readonly must: string;
  /** How a test proves that. */
  readonly proof: string;
}

/** Code keeps it and a test shows so; both are paths from the root of the repository. */
export interface CoveredPromise extends PromiseHead {
  readonly status: 'covered';
  readonly enforcing: string;
  readonly test: string;
}

/** Not kept by this software today. */
export interface OpenPromise extends PromiseHead {
  readonly status: 'open';
  /** Where a piece of it is there already. */
  readonly enforcing: string | null;
  readonly test: string | null;
  readonly part: Part;
}

export type PromiseRow = CoveredPromise | OpenPromise;
