// The policy in force for everybody: the page, which policy it is, and every promise as data. Written once a language
// and day: what is said of confirmations depends on the day.
import { getPolicy, getPrivacyPage, listPromises } from '@sotto/contract/policy';
import { renderHtml } from '@sotto/policy/render/html';
import type { Page } from '@sotto/policy/render/page';
import type { Language } from '@sotto/policy/vocabulary/people';
import { AppError } from '#platform/errors';
import { type Route, reads, withHeaders } from '#platform/route';
import { featuresOf } from './features.ts';
import type { PolicyFile } from './policy-file.ts';
import { pageOf } from './public-page.ts';
import { today } from './today.ts';

/** The page has links and nothing that loads: the strictest policy of all. */
const CSP =
  "default-src 'none'; style-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function policyRoutes(file: PolicyFile): readonly Route[] {
  const { policy, hash } = file;
  const { id, version, effective, languages, jurisdictions } = policy.policy;
  const features = [...featuresOf(policy)].sort();
  const pages = createPages(file);
  return [
    reads(getPrivacyPage, async ({ query }) => {
      const { language, html } = pages(query.language);
      return withHeaders(
        {
          'content-security-policy': CSP,
          'content-language': language,
        },
        html,
      );
    }),
    reads(getPolicy, async () => ({
      id,
      version,
      hash,
      effective,
      languages: [...languages],
      jurisdictions: [...jurisdictions],
      features,
    })),
    reads(listPromises, async ({ query }) => ({
      data: pages(query.language).page.sections.flatMap(({ key, statements }) =>
        statements.map(({ id: promise, sentence, standing, path, beside }) => ({
          id: promise,
          section: key,
          sentence,
          assurance: standing,
          path,
          beside: beside === '' ? null : beside,
        })),
      ),
      next_cursor: null,
    })),
  ];
}

interface Written {
  readonly language: Language;
  readonly page: Page;
  readonly html: string;
}

/** Pages by language, made anew when the day changes. */
function createPages(file: PolicyFile): (asked: Language | undefined) => Written {
  const { languages } = file.policy.policy;
  const written = new Map<Language, Written>();
  let day = today();
  return (asked) => {
    const language = asked ?? languages[0]!;
    if (!languages.includes(language)) {
      throw new AppError('invalid_request', {
        field: 'language',
        detail: `The policy is there in: ${languages.join(', ')}.`,
      });
    }
    if (day !== today()) {
      day = today();
      written.clear();
    }
    const known = written.get(language);
    if (known) return known;
    const page = pageOf(file, language);
    const made = { language, page, html: renderHtml(page) };
    written.set(language, made);
    return made;
  };
}
