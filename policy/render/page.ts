// The public page as a structure: sections of statements, each with the obligation it is about and what stands behind
// it. HTML and Markdown are written from this, so neither can say more than the other.

import type { Assurance } from '../vocabulary/assurance.ts';
import type { Language } from '../vocabulary/people.ts';

/** `law`: said by the law and not by the policy. `notice`: tells something and promises nothing. */
export type Standing = Assurance | 'law' | 'notice';

/** What the last run of the probes found; `unknown` where none ran, which is never shown as kept. */
export type EvidenceStatus = 'compliant' | 'partial' | 'non_compliant' | 'unknown';

export interface StatementEvidence {
  readonly status: EvidenceStatus;
  /** When it was last looked at, RFC 3339 in UTC; absent: never. */
  readonly checkedAt?: string;
}

export interface Statement {
  /** Of the obligation, `bound:ledger`; `law:portability` and `notice:no-perfect-security` for what is none. */
  readonly id: string;
  /** Plain text in one line. What others wrote stands between the isolates of `foreign-text.ts`. */
  readonly sentence: string;
  readonly standing: Standing;
  /** The standing in words; empty for notices. */
  readonly standingNote: string;
  /** Where in the policy it stands. */
  readonly path: string;
  /** Who else sees the data, in words, where the statement is about what we do ourselves; else empty. */
  readonly beside: string;
  /** The state of the last check in words; empty where the caller gave none. */
  readonly evidenceNote: string;
}

export interface Link {
  readonly text: string;
  /** Always http, https, mailto or tel. */
  readonly href: string;
}

export type Cell = string | Link;

export interface Table {
  readonly caption: string;
  /** Of every column; the first one heads its row. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Section {
  /** Stable, for links: `rights`. */
  readonly key: SectionKey;
  readonly title: string;
  readonly statements: readonly Statement[];
  readonly tables: readonly Table[];
}

export const SECTION_KEYS = [
  'controller',
  'data',
  'purposes',
  'messages',
  'recipients',
  'sharing',
  'retention',
  'account',
  'rights',
  'consent',
  'cookies',
  'security',
  'incidents',
  'changes',
  'evidence',
  'notes',
] as const;
export type SectionKey = (typeof SECTION_KEYS)[number];

export interface Page {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  readonly title: string;
  /** Version, date and law, and how to read the notes below the statements. */
  readonly preface: readonly string[];
  readonly contentsTitle: string;
  /** In the order of `SECTION_KEYS`, without those that have nothing to say. */
  readonly sections: readonly Section[];
}
