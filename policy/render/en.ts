// The page in English. Sentences say what we do ourselves ("by us"); who else sees the data stands beside them.
import { englishWords } from './en-words.ts';
import type { Direction, Sentences, Speech } from './speech.ts';

const messages = (direction: Direction) =>
  direction === 'inbound' ? 'messages that arrive' : 'messages you send';
const texts = (direction: Direction) => `texts of ${messages(direction)}`;
const when = (condition: boolean, text: string) => (condition ? text : '');
const after = (text: string, before: string) => when(text !== '', `${before}${text}`);
/** "every day" rather than "every 1 day". */
const every = (duration: string) => duration.replace(/^1 (?=\p{Letter}+$)/u, '');
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const sentences: Sentences = {
  title: (controller) => `Privacy policy of ${controller}`,
  contentsTitle: 'Contents',
  version: (version, date) => `Version ${version}, in effect since ${date}.`,
  howToRead:
    'A note below each statement says what stands behind it. “Enforced by the software” means that the program ' +
    'is built to refuse anything else; “checked automatically” means that a probe looks at regular times; “stated ' +
    'by people” means that somebody says so and no program can see it.',
  lawNote: 'Given by the law.',
  evidenceNote: (status, at) => `Last check: ${status}${after(at, ', ')}.`,
  besides: (names) => `Also seen by: ${names}.`,

  controller: (name, address) => `${name}, ${address}, is responsible for the data described here.`,
  jurisdictions: (names) =>
    `This policy follows the law of ${names}; where it is not known which applies, the strictest.`,
  languages: (names) => `It is published in these languages: ${names}.`,
  subjects: (names) => `This policy is about ${names}.`,
  officer: (value) => `Data protection officer: ${value}.`,
  representative: (value) => `Representative in the European Union: ${value}.`,
  authority: (name) => `Supervisory authority: ${name}.`,

  neverCollected: (category, alone, note) =>
    `${alone ? 'We never collect' : 'We ourselves never collect'} ${category}.${when(note !== '', ` Note: ${note}.`)}`,
  category: (p) =>
    `We hold ${p.category} (${p.collected}${after(p.source, '; source: ')}). ` +
    `Purposes: to ${p.purposes}. Lawful basis: ${p.basis}${after(p.interest, '; our interest: ')}. ` +
    `Kept as: ${p.retention}.${when(p.visibleTo !== '', ` Visible to: ${p.visibleTo}.`)}${when(p.note !== '', ` Note: ${p.note}.`)}`,
  purpose: (purpose, basis, interest) =>
    `We use data to ${purpose}. Lawful basis: ${basis}${after(interest, '; our interest: ')}.`,

  bodyNever: (direction) =>
    `${capital(texts(direction))} are not stored by us: they pass through memory alone, and no disk, queue, log or ` +
    'backup of ours receives them.',
  restartLoses: (direction) =>
    `As ${texts(direction)} are not stored by us, a restart of the platform can lose ${
      direction === 'inbound' ? 'a code that was not shown yet' : 'a message that was not handed over yet'
    }.`,
  bodyNotSearchable: (direction) => `By us, ${texts(direction)} cannot be searched.`,
  bodyKept: (direction, limit) => `${capital(texts(direction))} are stored by us ${limit}.`,
  recordKept: (direction, limit) =>
    `What became of ${messages(direction)} is kept by us apart from their texts, ${limit}.`,
  counterpartyKept: (direction, limit, indexed) =>
    `The telephone number of the other party of ${messages(direction)} is kept by us ${limit}; ` +
    (indexed ? 'it can be looked up within one account alone.' : 'it cannot be looked up.'),
  bodyUse: (direction, purposes) =>
    purposes === ''
      ? `We use ${texts(direction)} for nothing but handing them over.`
      : `We use ${texts(direction)} to ${purposes}, and for nothing else.`,

  recipient: (p) =>
    `${p.name} (${p.role}; ${p.country}) receives this from us: ${p.categories}. Purposes: to ${p.purposes}.` +
    when(p.transfer !== '', ` The transfer rests on ${p.transfer}.`),
  recipientWhile: (name, feature) =>
    `${name} receives data from us only while this feature is on: ${feature}.`,
  recipientKeeps: (name, duration, redacts) =>
    `${name} keeps what it receives from us for ${duration} at most${when(redacts, ', and removes texts after use')}.`,
  transfers: (countries) =>
    countries === ''
      ? 'We send data to no country outside those whose law is named above.'
      : `Outside the countries whose law is named above, we send data to ${countries} and nowhere else.`,

  noSale: (scope) =>
    scope === 'monetary'
      ? 'We do not sell personal data for money.'
      : 'We do not sell personal data, neither for money nor for anything else of value, and do not share it for ' +
        'advertising across other services (CCPA §1798.140(ad), (ah)).',
  sale: (mode) =>
    mode === 'opt_in'
      ? 'We sell personal data only of those who agreed to it.'
      : 'We sell personal data, except of those who opted out.',
  noAdvertising:
    'We give no personal data to advertisers or advertising networks, and track nobody for them.',
  advertising: 'We share personal data for advertising only of those who agreed to it.',
  legalRequests: (approval) =>
    'We disclose data to authorities only through a register in which each request, its reason and its extent stand' +
    `${when(approval === 'two_person', ', and two people have to approve')}.`,
  exception: (occasion, evidence, approval, reasonRequired) =>
    `Content may be disclosed ${
      {
        consent: 'when the person concerned consented',
        legal_request: 'when a law or an authority demands it',
        misuse_or_rights: 'to protect rights or to stop misuse',
      }[occasion]
    }; we keep ${evidence === 'register' ? 'an entry in a register' : 'the receipt of the consent'} for it` +
    `${when(approval === 'two_person', ', two people have to approve')}` +
    `${when(reasonRequired, ', and a reason has to be given')}.`,

  limit: (duration, from, until) =>
    until === ''
      ? `for ${duration}, counted from ${from}`
      : `until ${until}, and for ${duration} at most, counted from ${from}`,
  retention: (p) =>
    `Kept by us: ${p.subject}, ${p.limit}; ${p.then}.${when(p.categories !== '', ` This covers: ${p.categories}.`)}` +
    when(p.hold, ' A legal hold can suspend the end in a single case.'),
  inactivity: (duration, notices, then) =>
    `An account that is not used for ${duration} comes to its end; ${then}.` +
    when(notices !== '', ` We give notice ${notices} before.`),
  backup: (duration) =>
    `Backups of our database are kept for ${duration} at most; what was erased can be in them until then.`,
  keyBackup: (duration) =>
    `Backups of our keys are kept for ${duration} at most; until then what was made unreadable could be read with them.`,

  identity: (ways) => `An account is known to us by ${ways}.`,
  selfServiceDeletion: (ways) => `You can delete your account yourself: ${ways}.`,
  balance: (outcome) =>
    ({
      forfeit:
        'What is left of the balance is lost when an account is deleted; we ask for a confirmation of the amount first.',
      refund: 'What is left of the balance is paid back when an account is deleted.',
      block: 'An account with a balance can be deleted once the balance is used or paid back.',
    })[outcome],
  deletionWithin: (duration) => `The deletion of an account is complete within ${duration} of the request.`,
  cancelBefore: (duration) =>
    `A subscription renews unless it is cancelled at least ${duration} before the end of its period.`,

  keptAfterDeletion: (kept) =>
    kept === ''
      ? 'Nothing outlives the deletion of an account.'
      : `These outlive the deletion of an account, under pseudonyms and within their own limits: ${kept}.`,

  right: ({ right, detail, scope, channels }) =>
    right === 'non_discrimination'
      ? 'Using a right has no effect on prices, limits or service.'
      : `You can ${englishWords.rights[right]}${
          right === 'portability'
            ? after(detail, ': ')
            : right === 'complaint'
              ? after(detail, ', such as ')
              : ''
        }${
          {
            everything: '',
            subject_to_law: ', within the limits of the law; we then say what stays, why and until when',
            where_applicable: ', where the law applies',
            marketing:
              right === 'objection'
                ? ' for marketing; we then stop without weighing interests'
                : ' for marketing',
          }[scope]
        }.${when(channels !== '', ` You can do so ${channels}.`)}`,
  lawfulRight: (right, articles) =>
    `Where the law gives it, you also have the right to ${right} (${articles}).`,
  identityCheck: (level) =>
    `Before we act on a request we check who is asking, ${
      {
        account_login: 'by a sign-in to the account',
        account_login_or_mail_code: 'by a sign-in to the account or a code sent by mail',
        registered_channel: 'over a way to reach you that was registered before',
      }[level]
    }.`,
  rightWithin: (request, duration, businessDays) =>
    `When you ${request}, we answer within ${duration}${when(businessDays, ', counted in business days')}, or ` +
    'earlier where the law says so.',
  firstReply: (duration, target, businessDays) =>
    `Questions about privacy get a first answer within ${duration}${when(businessDays, ', counted in business days')}` +
    `${after(target, '; we aim at ')}.`,

  age: (years, attested) =>
    years === 0
      ? 'There is no age limit.'
      : `The service is not for people under ${years}${when(
          attested,
          '; at sign-up they are asked to confirm their age, and only the answer and its time are kept',
        )}.`,
  childDiscovered: (action, duration) =>
    `When we learn that we hold data of somebody too young for the service, we ${
      action === 'erase' ? 'erase it' : 'restrict it'
    } within ${duration}.`,
  consentGate: (purpose, features) =>
    `Only with your consent, which is off until you give it, we use data to ${purpose}. ` +
    (features === ''
      ? 'Without it nothing is switched off.'
      : `Without it this is off, and nothing else: ${features}.`),
  explicitConsent: (of) => `For this we ask explicitly and on its own: ${of}.`,
  consentReceipts: 'For each consent and each withdrawal we keep a receipt (ISO/IEC TS 27560).',
  consentReasked: (duration) => `A consent is asked for again after ${duration}.`,
  privacySignal: (shown) =>
    'A browser that sends the Global Privacy Control signal has opted out of sale and sharing' +
    `${when(shown, '; the page shows that the signal was honoured')}.`,
  acceptance: (mode) =>
    mode === 'explicit'
      ? 'Accepting this policy is asked for and recorded with its version. It is not consent to anything.'
      : 'Using the service counts as taking note of this version, and is recorded. It is not consent to anything.',

  noCookies: 'Our pages set no cookies.',
  cookie: (name, purpose, essential) =>
    `Our pages set the cookie ${name} to ${purpose}; ${
      essential ? 'the pages need it' : 'it is set only after you agreed'
    }.`,
  cookieEnds: (name, duration) => `The cookie ${name} ends after ${duration}.`,
  tracker: (name, purpose, via, to) =>
    `${name} is used to ${purpose}, by means of ${
      { cookie: 'a cookie', script: 'a script', device_identifier: 'an identifier of the device' }[via]
    }; it reports to ${to === '' ? 'us alone' : to}.`,

  inTransit: (scheme) =>
    `Connections to our platform are encrypted (TLS ${scheme === 'tls13' ? '1.3' : '1.2 or later'}).`,
  atRest: (scheme, scope) =>
    scheme === 'volume'
      ? `The volumes on which we store data are encrypted${after(scope, ': ')}.`
      : `Stored by us under keys that can be destroyed one by one: ${scope}.`,
  passwords: (scheme) =>
    scheme === 'none_held'
      ? 'Nobody has a password here.'
      : 'Passwords are kept only as salted slow hashes (Argon2id).',
  staffAccess: (need, breakGlass) =>
    `Our staff see no more than their role needs${
      {
        ticket: ', and content only for an open request for help',
        reason: ', and content only after giving a reason, which is recorded',
        role_only: '',
      }[need]
    }; access in an emergency is ${breakGlass === 'logged' ? 'possible and recorded' : 'not possible'}.`,
  monitoring: 'Our platform is monitored, by measurements that hold no personal data.',
  auditChain: 'What staff and programs do is recorded in a chain in which a later change shows.',
  backupsEncrypted: 'Our backups are encrypted.',
  erasuresReplayed: 'After a backup is restored, erasures made since are repeated before anything is served.',
  keysApart: 'Keys are not kept in the backups of the data they encrypt.',
  logFields: (log, fields, retention) =>
    `Our log of ${log} holds these fields and no others: ${fields}. It is kept as: ${retention}.`,
  backupDrill: (duration) => `Restoring a backup is practised at least every ${every(duration)}.`,
  noPerfectSecurity: 'No system is perfectly secure, and this one is none either.',

  breachWithin: (duration) =>
    `When personal data is breached, we notify the authority within ${duration} of knowing it, where the law asks for it.`,
  breachNotice: (to) =>
    to === 'always'
      ? 'The people concerned are told of every breach.'
      : 'The people concerned are told of a breach that is likely to put them at high risk.',
  breachRegister: 'Every breach is entered in a register.',
  changeNotice: (page, inApp, email) => {
    const ways = [when(page, 'on this page'), when(inApp, 'in the app'), when(email, 'by e-mail')].filter(
      Boolean,
    );
    return `Changes are announced ${ways.length > 1 ? `${ways.slice(0, -1).join(', ')} and ${ways.at(-1)}` : ways[0]}.`;
  },
  history: (kind) =>
    kind === 'public'
      ? 'Earlier versions stay readable on this page.'
      : 'Earlier versions are sent to everybody who asks.',
  materialChange: (duration) =>
    `A change that matters is announced at least ${duration} before it takes effect.`,
  evidence: (publish, signed) =>
    publish === 'none'
      ? 'Results of the checks are kept by us and not published.'
      : `Results of the checks are published ${publish === 'full' ? 'in full' : 'as a summary'}${when(signed, ', signed')}.`,
  probes: (duration) => `The checks run at least every ${every(duration)}.`,
  selfReport:
    'The results are a report about ourselves: they show when something was changed later, and not that the program ' +
    'that runs is the one that was published.',

  attestedControl: (control, owner, confirmation) => `Our staff state (${owner}): ${control}${confirmation}.`,
  attestedContract: (recipient, ref, confirmation) =>
    `We state that there is a contract with ${recipient} (${ref})${confirmation}.`,
  attestedTransfer: (recipient, mechanism, confirmation) =>
    `We state that the transfer to ${recipient} rests on ${mechanism}${confirmation}.`,
  attested: (sentence, confirmation) =>
    `We state: ${sentence.replace(/\.$/, '').replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())}${confirmation}.`,
  confirmation: ({ last, expires, expired }) => {
    if (last === '') return '; nobody has confirmed this yet';
    if (expired) return `; last confirmed on ${last}, and this confirmation has run out`;
    return `; last confirmed on ${last}${after(expires, ', valid until ')}`;
  },

  contactsCaption: 'How to reach us',
  contactsColumns: ['Way', 'Address', 'For'],
  recipientsCaption: 'Recipients of data',
  recipientsColumns: ['Recipient', 'Role', 'Country', 'Data', 'Purpose', 'Own policy'],
  recipientPolicy: 'Policy of this recipient',
  retentionCaption: 'Limits of retention, as kept by us',
  retentionColumns: ['What', 'Limit', 'End'],
  cookiesCaption: 'Cookies',
  cookiesColumns: ['Cookie', 'Purpose', 'Needed', 'Ends after'],
  yes: 'yes',
  no: 'no',
};

export const english: Speech = {
  language: 'en',
  direction: 'ltr',
  locale: 'en-GB',
  separator: '; ',
  joint: /,| and /,
  words: englishWords,
  sentences,
};
