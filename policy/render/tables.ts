// The tables of the page: the same facts as the statements, to be compared at a glance.
import type { Obligation } from '../model.ts';
import { cleanText, foreign } from './foreign-text.ts';
import type { Cell, SectionKey, Table } from './page.ts';
import type { Voice } from './voice.ts';

/** Tables of one section; `obligations` are those that stand on the page. */
export function tablesOf(section: SectionKey, obligations: readonly Obligation[], voice: Voice): Table[] {
  const table = BUILDERS[section]?.(obligations, voice);
  return table && table.rows.length > 0 ? [table] : [];
}

type Builder = (obligations: readonly Obligation[], voice: Voice) => Table;

const BUILDERS: { readonly [S in SectionKey]?: Builder } = {
  controller: contacts,
  recipients,
  retention,
  cookies,
};

function contacts(_: readonly Obligation[], voice: Voice): Table {
  const { sentences, words } = voice.speech;
  return {
    caption: sentences.contactsCaption,
    columns: sentences.contactsColumns,
    rows: voice.policy.controller.contacts.map(({ channel, value, for: uses }) => [
      words.channels[channel],
      linkOr(value, channel === 'email' ? 'mailto:' : channel === 'phone' ? 'tel:' : ''),
      voice.list(uses.map((use) => words.contactUses[use])),
    ]),
  };
}

function recipients(_: readonly Obligation[], voice: Voice): Table {
  const { sentences, words } = voice.speech;
  return {
    caption: sentences.recipientsCaption,
    columns: sentences.recipientsColumns,
    rows: voice
      .recipients()
      .map(([, recipient]) => [
        foreign(recipient.name),
        words.roles[recipient.role],
        voice.country(recipient.country),
        voice.categories(recipient.categories),
        voice.purposes(recipient.purposes),
        recipient.policy_url ? linkOr(recipient.policy_url, '', sentences.recipientPolicy) : '',
      ]),
  };
}

function retention(obligations: readonly Obligation[], voice: Voice): Table {
  const { sentences, words } = voice.speech;
  return {
    caption: sentences.retentionCaption,
    columns: sentences.retentionColumns,
    rows: obligations.flatMap((obligation) => {
      if (obligation.kind !== 'BOUND' || obligation.what.type !== 'retention') return [];
      const { duration, from, until, then, what } = obligation;
      const end = until ? words.events[until] : '';
      return [
        [
          words.retentionKeys[what.key],
          sentences.limit(voice.duration(duration), words.events[from], end),
          words.disposals[then],
        ],
      ];
    }),
  };
}

function cookies(obligations: readonly Obligation[], voice: Voice): Table {
  const { sentences, words } = voice.speech;
  return {
    caption: sentences.cookiesCaption,
    columns: sentences.cookiesColumns,
    rows: obligations.flatMap((obligation) => {
      if (obligation.kind !== 'REQUIRE' || obligation.capability.type !== 'cookie') return [];
      const { name, purpose, essential, ttl } = obligation.capability.cookie;
      const needed = essential ? sentences.yes : sentences.no;
      return [[foreign(name), words.purposes[purpose], needed, voice.duration(ttl)]];
    }),
  };
}

const LINKED = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** A link where the value is one of a harmless kind, else its text: no `javascript:` gets onto the page. */
export function linkOr(value: string, scheme: string, text?: string): Cell {
  const clean = cleanText(value);
  const url = URL.parse(`${scheme}${scheme === 'tel:' ? clean.replace(/[^\d+]/g, '') : clean}`);
  return url && LINKED.has(url.protocol) ? { text: text ?? foreign(clean), href: url.href } : foreign(clean);
}
