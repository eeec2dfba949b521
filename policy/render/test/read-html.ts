// Reads the HTML of a page as strictly as it is written: balanced elements, known names, quoted attributes.

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  html: ['lang', 'dir'],
  head: [],
  meta: ['charset', 'name', 'content'],
  title: [],
  body: [],
  main: ['class'],
  nav: ['class', 'aria-labelledby'],
  section: ['class', 'aria-labelledby'],
  h1: [],
  h2: ['id'],
  p: ['class'],
  ol: [],
  ul: ['class'],
  li: ['id', 'class'],
  a: ['href', 'rel'],
  bdi: [],
  table: ['class'],
  caption: [],
  thead: [],
  tbody: [],
  tr: [],
  th: ['scope'],
  td: [],
};
const EMPTY = new Set(['meta']);
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>/y;
const ENTITY = /&(?!(?:amp|lt|gt|quot|#39);)/;

/** What is wrong with a document; empty when nothing is. */
export function faultsOfHtml(html: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  let at = html.startsWith('<!doctype html>') ? '<!doctype html>'.length : 0;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    const text = html.slice(at, next < 0 ? undefined : next);
    if (/[>]/.test(text) || ENTITY.test(text)) faults.push(`text is not escaped: ${text.slice(0, 60)}`);
    if (next < 0) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(html);
    if (!tag) return [...faults, `no tag of a document: ${html.slice(next, next + 60)}`];
    const [whole, slash, name, attributes] = tag as unknown as [string, string, string, string];
    const known = ATTRIBUTES[name];
    if (!known) faults.push(`element ${name}`);
    for (const [, attribute, value] of attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g)) {
      if (!known?.includes(attribute!)) faults.push(`attribute ${attribute} of ${name}`);
      if (ENTITY.test(value!)) faults.push(`value of ${attribute} is not escaped`);
    }
    if (slash === '/') {
      if (open.pop() !== name) faults.push(`</${name}> closes something else`);
    } else if (!EMPTY.has(name)) {
      open.push(name);
    }
    at = next + whole.length;
  }
  return open.length > 0 ? [...faults, `left open: ${open.join(' ')}`] : faults;
}

export const idsOf = (html: string): string[] => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);

export const linksOf = (html: string): string[] =>
  [...html.matchAll(/ href="([^"]*)"/g)].map(([, href]) => href!);

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** What a reader sees. */
export const textOf = (html: string): string =>
  html.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => CHARACTERS[name]!);
