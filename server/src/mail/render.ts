// A mail from its template: subject, plain text, and the same as HTML. Pure. Everything is escaped, nothing is loaded from
// elsewhere, nothing tells that the mail was read.
import type { ParamsOf, Template } from './params.ts';
import { type Locale, sayIn, type Wording, type Words } from './wording.ts';
import { arabic } from './words-arabic.ts';
import { english } from './words-english.ts';

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const WORDS: Readonly<Record<Locale, Words>> = { en: english, ar: arabic };

/** The mail as it is sent. `service` is the name of the platform. */
export function render<T extends Template>(
  template: T,
  locale: Locale,
  params: ParamsOf<T>,
  service: string,
): Rendered {
  const wording = WORDS[locale][template](params, sayIn(locale, service));
  const subject = oneLine(wording.subject);
  return { subject, text: asText(wording, service), html: asHtml(wording, subject, locale, service) };
}

/** What ends up in a header has no line of its own to begin. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

function asText({ paragraphs, code, link, closing = [] }: Wording, service: string): string {
  const blocks = [
    ...paragraphs,
    ...(code ? [code] : []),
    ...(link ? [`${link.label}:\n${link.href}`] : []),
    ...closing,
    service,
  ];
  return `${blocks.map((block) => block.trim()).join('\n\n')}\n`;
}

function asHtml(
  { paragraphs, code, link, closing = [] }: Wording,
  subject: string,
  locale: Locale,
  service: string,
): string {
  const paragraph = (text: string) => `<p>${escaped(text.trim()).replaceAll('\n', '<br>')}</p>`;
  const blocks = [
    ...paragraphs.map(paragraph),
    ...(code ? [`<p style="font-size:1.5em" dir="ltr"><strong>${escaped(code)}</strong></p>`] : []),
    ...(link ? [`<p><a href="${escaped(link.href)}">${escaped(link.label)}</a></p>`] : []),
    ...closing.map(paragraph),
    paragraph(service),
  ];
  const direction = locale === 'ar' ? 'rtl' : 'ltr';
  return [
    '<!doctype html>',
    `<html lang="${locale}" dir="${direction}">`,
    `<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>`,
    '<body style="font-family:sans-serif;line-height:1.5;max-width:40em">',
    ...blocks,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
