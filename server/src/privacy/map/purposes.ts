// Why a column may be read. A read names one purpose and sees the columns whose tag lists it. The union is
// closed; a policy may lack a purpose, which switches off what needs it, but it cannot invent one.
//
// The policy language has the same keys with what people call them. The unions are written out here so that the
// compiler's messages name the alias; the assertions at the end hold both together.
import type { LEGAL_BASES } from '@sotto/policy/vocabulary/bases';
import type { PURPOSES } from '@sotto/policy/vocabulary/purposes';
import type { RETENTION_KEYS } from '@sotto/policy/vocabulary/retention';

export type Purpose =
  | 'service'
  | 'delivery'
  | 'activation_support'
  | 'reliability'
  | 'billing'
  | 'security'
  | 'fraud'
  | 'support'
  | 'contact'
  | 'contact_feature'
  | 'marketing'
  | 'improve'
  | 'analytics'
  | 'suppression'
  | 'legal'
  | 'audit'
  | 'operations';

/** Lawful bases (GDPR Art. 6(1)). Accepting terms by using a service is none. */
export type LegalBasis =
  | 'consent'
  | 'contract'
  | 'legal_obligation'
  | 'vital_interest'
  | 'public_interest'
  | 'legitimate_interest';

/** What retention rules are called. The policy gives each a duration, or an event with a ceiling. */
export type RetentionKey =
  | 'account'
  | 'session'
  | 'message_content'
  | 'message_record'
  | 'inbound_content'
  | 'lease'
  | 'ledger'
  | 'invoice'
  | 'request'
  | 'ip'
  | 'usage'
  | 'log'
  | 'error'
  | 'ticket'
  | 'contacts'
  | 'campaign'
  | 'kyc'
  | 'consent'
  | 'suppression'
  | 'subject_request'
  | 'audit'
  | 'connector';

/** True when two unions have the same members. */
export type SameMembers<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
true satisfies SameMembers<Purpose, keyof typeof PURPOSES>;
true satisfies SameMembers<LegalBasis, keyof typeof LEGAL_BASES>;
true satisfies SameMembers<RetentionKey, keyof typeof RETENTION_KEYS>;
