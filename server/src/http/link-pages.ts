// The pages that links of mails lead to, for people without the dashboard: confirm an address, choose a password, ask
// for a new one, accept an invitation. The secret stands behind the # and is sent by the page alone, when its reader says so: programs that
// follow links in mail to look at them use nothing up.
import { createHash } from 'node:crypto';
import { operation } from '@sotto/contract';
import { textBody } from '@sotto/contract/bodies';
import { api } from '@sotto/contract/operations';
import { policyLanguages } from '@sotto/contract/policy';
import * as z from 'zod';
import { type Call, type Route, reads, withHeaders } from '#platform/route';
import { escaped } from './pages.ts';

type Language = (typeof policyLanguages)[number];

interface Words {
  readonly title: string;
  readonly intro: string;
  readonly button: string;
  readonly done: string;
}

interface Field {
  readonly name: string;
  readonly type: 'password' | 'email';
  readonly complete: 'new-password' | 'current-password' | 'email';
  readonly label: Readonly<Record<Language, string>>;
}

interface LinkPage {
  readonly path: `/${string}`;
  /** Where the form goes. */
  readonly post: string;
  readonly fields: readonly Field[];
  /** Where its reader signs in first, for this one request: with the fields of the form, which go nowhere else. */
  readonly signIn?: string;
  readonly feature: 'email_accounts' | 'organisations';
  readonly words: Readonly<Record<Language, Words>>;
}

const EMAIL: Field = {
  name: 'email',
  type: 'email',
  complete: 'email',
  label: { en: 'E-mail address', ar: 'البريد الإلكتروني' },
};

const PAGES: readonly LinkPage[] = [
  {
    path: '/confirm',
    post: api.signUp.confirm.path,
    fields: [],
    feature: 'email_accounts',
    words: {
      en: {
        title: 'Confirm your address',
        intro: 'Opens your account with this e-mail address.',
        button: 'Confirm',
        done: 'Your account is open. You can sign in now.',
      },
      ar: {
        title: 'تأكيد عنوانك',
        intro: 'يفتح حسابك بهذا البريد الإلكتروني.',
        button: 'تأكيد',
        done: 'حسابك مفتوح، ويمكنك تسجيل الدخول الآن.',
      },
    },
  },
  {
    path: '/new-address',
    post: api.account.email.confirm.path,
    fields: [],
    feature: 'email_accounts',
    words: {
      en: {
        title: 'Confirm your new address',
        intro: 'Your account gets this e-mail address, and every session of it ends.',
        button: 'Confirm',
        done: 'Your address is changed. Sign in with the new one.',
      },
      ar: {
        title: 'تأكيد عنوانك الجديد',
        intro: 'يصبح هذا البريد الإلكتروني عنوان حسابك، وتنتهي جميع جلساته.',
        button: 'تأكيد',
        done: 'تغيّر عنوانك، فسجّل الدخول بالعنوان الجديد.',
      },
    },
  },
  {
    path: '/new-password',
    post: api.passwordReset.finish.path,
    fields: [
      {
        name: 'new_password',
        type: 'password',
        complete: 'new-password',
        label: {
          en: 'New password, eight characters or more',
          ar: 'كلمة المرور الجديدة، ثمانية أحرف أو أكثر',
        },
      },
    ],
    feature: 'email_accounts',
    words: {
      en: {
        title: 'Choose a new password',
        intro: 'Every session of your account ends; sign in with the new password afterwards.',
        button: 'Set the password',
        done: 'Your password is changed. You can sign in now.',
      },
      ar: {
        title: 'اختيار كلمة مرور جديدة',
        intro: 'تنتهي جميع جلسات حسابك، ثم تسجّل الدخول بكلمة المرور الجديدة.',
        button: 'حفظ كلمة المرور',
        done: 'تغيّرت كلمة مرورك، ويمكنك تسجيل الدخول الآن.',
      },
    },
  },
  {
    path: '/forgotten-password',
    post: api.passwordReset.start.path,
    fields: [EMAIL],
    feature: 'email_accounts',
    words: {
      en: {
        title: 'Forgotten password',
        intro: 'If the address has an account, a mail says how to go on.',
        button: 'Send the mail',
        done: 'If the address has an account, a mail is on its way.',
      },
      ar: {
        title: 'نسيت كلمة المرور',
        intro: 'إن كان للعنوان حساب فستصلك رسالة تبيّن الخطوة التالية.',
        button: 'إرسال الرسالة',
        done: 'إن كان للعنوان حساب فالرسالة في طريقها إليك.',
      },
    },
  },
  {
    path: '/invitation',
    post: api.invitations.accept.path,
    signIn: api.sessions.create.path,
    fields: [
      EMAIL,
      {
        name: 'password',
        type: 'password',
        complete: 'current-password',
        label: { en: 'Password', ar: 'كلمة المرور' },
      },
    ],
    feature: 'organisations',
    words: {
      en: {
        title: 'Accept an invitation',
        intro:
          'Sign in to the account of the address that was invited. Who has none opens one first, and comes back.',
        button: 'Accept',
        done: 'You are a member of the organisation now.',
      },
      ar: {
        title: 'قبول الدعوة',
        intro:
          'سجّل الدخول إلى حساب العنوان الذي وصلته الدعوة. من لا حساب له يفتح حسابًا أولًا ثم يعود إلى هنا.',
        button: 'قبول',
        done: 'أصبحت الآن عضوًا في المؤسسة.',
      },
    },
  },
];

const SCRIPT = `
const form = document.querySelector('form');
const answer = document.querySelector('output');
const secret = location.hash.slice(1);
history.replaceState(null, '', location.pathname + location.search);
const ask = (method, path, body, session) =>
  window.fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(session === undefined ? {} : { authorization: 'Bearer ' + session }),
    },
    body: JSON.stringify(body),
  });
const send = async (fields) => {
  const { post, signIn, signOut } = form.dataset;
  const token = secret === '' ? {} : { token: secret };
  if (signIn === undefined) return ask('POST', post, { ...fields, ...token });
  const opened = await ask('POST', signIn, fields);
  if (!opened.ok) return opened;
  const session = (await opened.json()).token;
  const given = await ask('POST', post, token, session);
  await ask('DELETE', signOut, undefined, session).catch(() => undefined);
  return given;
};
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  form.querySelector('button').disabled = true;
  answer.textContent = '';
  try {
    const given = await send(Object.fromEntries(new FormData(form)));
    if (given.ok) {
      form.hidden = true;
      answer.textContent = form.dataset.done;
      return;
    }
    answer.textContent = (await given.json()).detail;
  } catch {
    answer.textContent = form.dataset.failed;
  }
  form.querySelector('button').disabled = false;
});
`;
const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 15vh auto 2rem; max-width: 26rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
label, input, button { display: block; font: inherit; width: 100%; box-sizing: border-box; }
input { margin: .25rem 0 1rem; padding: .6rem; }
button { padding: .7rem; cursor: pointer; }
output { display: block; margin-top: 1rem; min-height: 3em; }
`;
const FAILED: Readonly<Record<Language, string>> = {
  en: 'The service could not be reached. Try again in a moment.',
  ar: 'تعذّر الوصول إلى الخدمة. حاول مرة أخرى بعد قليل.',
};

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const HEADERS = {
  'content-security-policy':
    `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; connect-src 'self'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Pages for people, beside the API: the dashboard has its own. */
export const linkPages: readonly Route[] = PAGES.map((page) => {
  const get = operation({
    id: `pages.${page.path.slice(1).replaceAll('-', '_')}`,
    method: 'GET',
    path: page.path,
    scope: null,
    summary: page.words.en.title,
    description: 'A page for people, reached by a mail.',
    purpose: 'security',
    feature: page.feature,
    request: { query: z.strictObject({ language: z.enum(policyLanguages).optional() }) },
    responses: { 200: textBody('text/html', 'The page.') },
    errors: [],
    idempotent: true,
  });
  return reads(get, async ({ query }: Call<typeof get, null>) =>
    withHeaders(HEADERS, htmlOf(page, query.language ?? 'en')),
  );
});

function htmlOf({ post, signIn, fields, words }: LinkPage, language: Language): string {
  const { title, intro, button, done } = words[language];
  const inputs = fields.map(
    ({ name, type, complete, label }) => `<label for="${name}">${escaped(label[language])}</label>
<input id="${name}" name="${name}" type="${type}" required autocomplete="${complete}">`,
  );
  const signs =
    signIn === undefined ? '' : ` data-sign-in="${signIn}" data-sign-out="${api.sessions.signOut.path}"`;
  return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(intro)}</p>
<form data-post="${post}"${signs} data-done="${escaped(done)}" data-failed="${escaped(FAILED[language])}">
${inputs.join('\n')}
<button>${escaped(button)}</button>
</form>
<output aria-live="polite"></output>
<noscript>${escaped(NO_SCRIPT[language])}</noscript>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const NO_SCRIPT: Readonly<Record<Language, string>> = {
  en: 'This page needs JavaScript: what stands behind the # of the link is sent by it alone.',
  ar: 'تحتاج هذه الصفحة إلى JavaScript، فهي وحدها ترسل ما بعد علامة # في الرابط.',
};
