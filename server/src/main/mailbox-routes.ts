// Development only: the mails that went nowhere because no mail server is set, as a list and as a page for people. Mounted
// where the worker of this process keeps them, and never in production, which has no such mailbox.
import { encodeId, operation } from '@sotto/contract';
import { textBody } from '@sotto/contract/bodies';
import { listDevelopmentMails } from '@sotto/contract/simulator';
import type { DevelopmentMailbox } from '#mail';
import { type Route, reads, withHeaders } from '#platform/route';

export const MAILS_PAGE = '/simulator/mails';

/**
 * For people with a browser, which sends no key: whoever reaches a server of development reads its mail. A part of
 * development, not of the API.
 */
const getMailsPage = operation({
  id: 'simulator.mails_page',
  method: 'GET',
  path: MAILS_PAGE,
  scope: null,
  summary: 'The mail of development, for people',
  description: 'A page with the latest mails.',
  purpose: 'operations',
  request: {},
  responses: { 200: textBody('text/html', 'The page.') },
  errors: [],
  idempotent: true,
});

/** No script, and nothing from elsewhere: a mail is shown as the text it has. */
const PAGE = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

export const mailboxRoutes = (mailbox: Pick<DevelopmentMailbox, 'list'>): readonly Route[] => [
  reads(listDevelopmentMails, async () => ({
    data: mailbox.list().map(({ id, ...mail }) => ({ id: encodeId('mai', id), ...mail })),
  })),
  reads(getMailsPage, async () => withHeaders(PAGE, pageOf(mailbox))),
];

const pageOf = (mailbox: Pick<DevelopmentMailbox, 'list'>): string => {
  const mails = mailbox.list();
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail of development</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }
article { border-top: 1px solid; padding: .5rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
</style></head>
<body>
<h1>Mail of development</h1>
<p>${mails.length === 0 ? 'No mail yet.' : 'The latest first. It is in the memory of this process and goes with it.'}</p>
${mails.map(articleOf).join('\n')}
</body>
</html>
`;
};

const articleOf = ({ to, subject, text, locale }: ReturnType<DevelopmentMailbox['list']>[number]): string =>
  `<article><h2 dir="auto">${escaped(subject)}</h2><p>To ${escaped(to)}</p><pre lang="${escaped(locale)}" dir="auto">${linked(text)}</pre></article>`;

/** A line that is an address and nothing else can be followed. */
const linked = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      /^https?:\/\/[^\s<>"']+$/.test(line)
        ? `<a href="${escaped(line)}" rel="noreferrer">${escaped(line)}</a>`
        : escaped(line),
    )
    .join('\n');

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
