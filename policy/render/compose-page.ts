// Makes the public page of a policy in one language, out of its obligations. What compiles to no obligation is not
// promised: it can stand on the page as a notice, or as what the law gives, and is marked so.
import type { IsoDate, Obligation, Policy } from '../model.ts';
import type { Feature } from '../vocabulary/features.ts';
import type { Language } from '../vocabulary/people.ts';
import { arabic } from './ar.ts';
import { english } from './en.ts';
import { foreign, isolated } from './foreign-text.ts';
import { lawfulRights } from './lawful-rights.ts';
import {
  type Page,
  SECTION_KEYS,
  type Section,
  type SectionKey,
  type Standing,
  type Statement,
  type StatementEvidence,
} from './page.ts';
import { sectionOf } from './placement.ts';
import { isPresent, isUsed } from './presence.ts';
import { besides, sentenceOf } from './sentence-of.ts';
import type { Speech } from './speech.ts';
import { tablesOf } from './tables.ts';
import { Voice } from './voice.ts';

const SPEECHES: Readonly<Record<Language, Speech>> = { en: english, ar: arabic };

export interface PageOptions {
  readonly language: Language;
  /** Whether a feature is on now; recipients and statements of features that are off are absent. */
  readonly isOn: (feature: Feature) => boolean;
  /** The day the page is made, in UTC: confirmations that ended by then are said to have run out. */
  readonly today: IsoDate;
  /** What the last run of the probes found of an obligation; absent: the page shows no state. */
  readonly evidenceOf?: (id: string) => StatementEvidence | undefined;
}

/** `obligations` are those that `policy` compiles to. Pure; the same input gives the same page. */
export function composePage(policy: Policy, obligations: readonly Obligation[], options: PageOptions): Page {
  const speech = SPEECHES[options.language];
  const voice = new Voice(policy, speech, options.isOn, options.today);
  const present = obligations.filter((obligation) => isPresent(obligation, voice));
  const sections = SECTION_KEYS.map((key) => section(key, present, voice, options));
  const { sentences } = speech;
  return {
    language: speech.language,
    direction: speech.direction,
    title: sentences.title(foreign(policy.controller.name)),
    preface: [
      sentences.version(foreign(policy.policy.version), voice.date(policy.policy.effective)),
      sentences.howToRead,
    ],
    contentsTitle: sentences.contentsTitle,
    sections: sections.filter(({ statements, tables }) => statements.length + tables.length > 0),
  };
}

/** Gives the public sentences of single obligations, for messages that quote the page. */
export function publicSentences(
  policy: Policy,
  options: Omit<PageOptions, 'evidenceOf'>,
): (obligation: Obligation) => string {
  const voice = new Voice(policy, SPEECHES[options.language], options.isOn, options.today);
  return (obligation) => sentenceOf(obligation, voice);
}

function section(
  key: SectionKey,
  present: readonly Obligation[],
  voice: Voice,
  options: PageOptions,
): Section {
  const here = present.filter((obligation) => sectionOf(obligation) === key);
  return {
    key,
    title: voice.speech.words.sections[key],
    statements: [
      ...here.map((obligation) => statement(obligation, voice, options)),
      ...unpromised(key, voice),
    ],
    tables: tablesOf(key, here, voice),
  };
}

function statement(obligation: Obligation, voice: Voice, { evidenceOf }: PageOptions): Statement {
  const { sentences, words } = voice.speech;
  const seers = besides(obligation, voice).map((key) => voice.nameOf(key));
  const found = evidenceOf?.(obligation.id);
  const at = found?.checkedAt ? voice.moment(found.checkedAt) : '';
  return {
    id: obligation.id,
    sentence: sentenceOf(obligation, voice),
    standing: obligation.assurance,
    standingNote: words.assurances[obligation.assurance],
    path: obligation.path,
    beside: seers.length > 0 ? sentences.besides(voice.list(seers)) : '',
    evidenceNote: found ? sentences.evidenceNote(words.evidence[found.status], at) : '',
  };
}

/** What a section says beyond obligations. */
function unpromised(key: SectionKey, voice: Voice): Statement[] {
  const { policy, speech } = voice;
  const { sentences, words } = speech;
  const notice = (id: string, path: string, sentence: string) =>
    bare(`notice:${id}`, path, sentence, 'notice', '');
  switch (key) {
    case 'controller': {
      const { dpo, eu_representative, authority } = policy.controller;
      return [
        ...(dpo ? [notice('officer', 'controller.dpo', sentences.officer(foreign(dpo)))] : []),
        ...(eu_representative
          ? [
              notice(
                'representative',
                'controller.eu_representative',
                sentences.representative(foreign(eu_representative)),
              ),
            ]
          : []),
        ...(authority
          ? [
              notice(
                'authority',
                'controller.authority',
                sentences.authority(foreign(`${authority.name}, ${authority.url}`)),
              ),
            ]
          : []),
      ];
    }
    // Said beside the promise and not in it, so that an own wording of the promise cannot leave it out.
    case 'messages':
      return (['inbound', 'outbound'] as const)
        .filter((direction) => policy.messages[direction].body.store === 'none' && isUsed(direction, voice))
        .map((direction) =>
          notice(
            `restart-loses:${direction}`,
            `messages.${direction}.body.store`,
            sentences.restartLoses(direction),
          ),
        );
    case 'rights':
      return lawfulRights(policy).map(({ right, articles }) =>
        bare(
          `law:${right}`,
          'policy.jurisdictions',
          sentences.lawfulRight(words.rights[right], isolated(articles.join('; '))),
          'law',
          sentences.lawNote,
        ),
      );
    case 'security':
      return [notice('no-perfect-security', 'security', sentences.noPerfectSecurity)];
    case 'evidence':
      return [notice('self-report', 'verification', sentences.selfReport)];
    case 'notes': {
      const extra = policy.text[speech.language]?.extra ?? [];
      return extra.map(({ text }, at) =>
        notice(`extra:${at}`, `text.${speech.language}.extra[${at}]`, foreign(text)),
      );
    }
    default:
      return [];
  }
}

function bare(
  id: string,
  path: string,
  sentence: string,
  standing: Standing,
  standingNote: string,
): Statement {
  return { id, sentence, standing, standingNote, path, beside: '', evidenceNote: '' };
}
