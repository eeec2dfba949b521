// The page in Arabic. Sentences say what we do ourselves ("لدينا", "نحن"); who else sees the data stands beside them.
import { arabicWords } from './ar-words.ts';
import type { Direction, Sentences, Speech } from './speech.ts';

const messages = (direction: Direction) =>
  direction === 'inbound' ? 'الرسائل الواردة' : 'الرسائل التي ترسلها';
const texts = (direction: Direction) => `نصوص ${messages(direction)}`;
const when = (condition: boolean, text: string) => (condition ? text : '');
/** "كل يوم" rather than "كل يوم واحد". */
const every = (duration: string) => duration.replace(/ واحدة?$/u, '');
const after = (text: string, before: string) => when(text !== '', `${before}${text}`);

const sentences: Sentences = {
  title: (controller) => `سياسة الخصوصية لدى ${controller}`,
  contentsTitle: 'المحتويات',
  version: (version, date) => `الإصدار ${version}، نافذ منذ ${date}.`,
  howToRead:
    'تبيّن الملاحظة أسفل كل بند ما يقف وراءه: «يفرضه البرنامج» أي إن البرنامج مبني على رفض ما عداه، و«يُفحص آليًا» ' +
    'أي إن فحصًا آليًا يجري في أوقات منتظمة، و«تصريح من أشخاص» أي إن أحدًا يقوله ولا يستطيع برنامج أن يراه.',
  lawNote: 'حق يمنحه القانون.',
  evidenceNote: (status, at) => `آخر فحص: ${status}${after(at, '، ')}.`,
  besides: (names) => `يطّلع عليها أيضًا: ${names}.`,

  controller: (name, address) => `الجهة المسؤولة عن البيانات الموصوفة هنا هي ${name}، وعنوانها ${address}.`,
  jurisdictions: (names) => `تتبع هذه السياسة قوانين ما يلي: ${names}؛ وإذا لم يُعرف أيها ينطبق فأشدها.`,
  languages: (names) => `وهي منشورة باللغات التالية: ${names}.`,
  subjects: (names) => `تتعلق هذه السياسة بما يلي: ${names}.`,
  officer: (value) => `مسؤول حماية البيانات: ${value}.`,
  representative: (value) => `الممثل في الاتحاد الأوروبي: ${value}.`,
  authority: (name) => `جهة الرقابة: ${name}.`,

  neverCollected: (category, alone, note) =>
    `${alone ? 'لا نجمع أبدًا ما يلي' : 'لا نجمع نحن أبدًا ما يلي'}: ${category}.${when(note !== '', ` ملاحظة: ${note}.`)}`,
  category: (p) =>
    `نحتفظ بما يلي: ${p.category} (${p.collected}${after(p.source, '؛ المصدر: ')}). ` +
    `الأغراض: ${p.purposes}. الأساس القانوني: ${p.basis}${after(p.interest, '؛ ومصلحتنا: ')}. ` +
    `تُحفظ ضمن: ${p.retention}.${when(p.visibleTo !== '', ` تظهر لكل من: ${p.visibleTo}.`)}${when(p.note !== '', ` ملاحظة: ${p.note}.`)}`,
  purpose: (purpose, basis, interest) =>
    `نستخدم البيانات من أجل ${purpose}. الأساس القانوني: ${basis}${after(interest, '؛ ومصلحتنا: ')}.`,

  bodyNever: (direction) =>
    `لا نخزّن نحن ${texts(direction)}: فهي تمر بالذاكرة وحدها، ولا تصل إلى قرص أو طابور أو سجل أو نسخة احتياطية لدينا.`,
  restartLoses: (direction) =>
    `لأننا لا نخزّن ${texts(direction)} قد ${
      direction === 'inbound' ? 'يضيع رمز لم يُعرض بعد' : 'تضيع رسالة لم تُسلَّم بعد'
    } إذا أُعيد تشغيل المنصة.`,
  bodyNotSearchable: (direction) => `لا يمكن لدينا البحث في ${texts(direction)}.`,
  bodyKept: (direction, limit) => `تُخزَّن لدينا ${texts(direction)} ${limit}.`,
  recordKept: (direction, limit) => `يُحفظ لدينا مصير ${messages(direction)} بمعزل عن نصوصها، ${limit}.`,
  counterpartyKept: (direction, limit, indexed) =>
    `يُحفظ لدينا رقم هاتف الطرف الآخر في ${messages(direction)} ${limit}؛ ` +
    (indexed ? 'ولا يمكن البحث عنه إلا داخل حساب واحد.' : 'ولا يمكن البحث عنه.'),
  bodyUse: (direction, purposes) =>
    purposes === ''
      ? `لا نستخدم ${texts(direction)} إلا لتسليمها.`
      : `نستخدم ${texts(direction)} من أجل ${purposes}، ولا نستخدمها لغير ذلك.`,

  recipient: (p) =>
    `يتلقى ${p.name} (${p.role}؛ ${p.country}) منا ما يلي: ${p.categories}؛ والغرض: ${p.purposes}.` +
    when(p.transfer !== '', ` ويستند النقل إلى ${p.transfer}.`),
  recipientWhile: (name, feature) => `لا يتلقى ${name} منا بيانات إلا ما دامت هذه الميزة مفعّلة: ${feature}.`,
  recipientKeeps: (name, duration, redacts) =>
    `يحتفظ ${name} بما يتلقاه منا لمدة ${duration} على الأكثر${when(redacts, '، ويزيل النصوص بعد استخدامها')}.`,
  transfers: (countries) =>
    countries === ''
      ? 'لا نرسل البيانات إلى بلد خارج البلدان التي ذُكر قانونها أعلاه.'
      : `خارج البلدان التي ذُكر قانونها أعلاه لا نرسل البيانات إلا إلى ما يلي: ${countries}.`,

  noSale: (scope) =>
    scope === 'monetary'
      ? 'لا نبيع البيانات الشخصية مقابل المال.'
      : 'لا نبيع البيانات الشخصية، لا مقابل المال ولا مقابل أي شيء آخر ذي قيمة، ولا نشاركها لأغراض الإعلان عبر خدمات ' +
        'أخرى (CCPA §1798.140(ad), (ah)).',
  sale: (mode) =>
    mode === 'opt_in'
      ? 'لا نبيع من البيانات الشخصية إلا بيانات من وافق على ذلك.'
      : 'نبيع البيانات الشخصية، إلا بيانات من رفض ذلك.',
  noAdvertising: 'لا نعطي بيانات شخصية للمعلنين ولا لشبكات الإعلان، ولا نتتبع أحدًا لحسابهم.',
  advertising: 'لا نشارك لأغراض الإعلان إلا بيانات من وافق على ذلك.',
  legalRequests: (approval) =>
    'لا نفصح عن البيانات للجهات الرسمية إلا عبر سجل يُدوَّن فيه كل طلب وسببه ونطاقه' +
    `${when(approval === 'two_person', '، ويلزم أن يوافق عليه شخصان')}.`,
  exception: (occasion, evidence, approval, reasonRequired) =>
    `يجوز الإفصاح عن المحتوى ${
      {
        consent: 'إذا وافق الشخص المعني',
        legal_request: 'إذا طلب ذلك قانون أو جهة رسمية',
        misuse_or_rights: 'لحماية الحقوق أو لوقف إساءة الاستخدام',
      }[occasion]
    }؛ ونحفظ عن ذلك ${evidence === 'register' ? 'قيدًا في سجل' : 'إيصال الموافقة'}` +
    `${when(approval === 'two_person', '، ويلزم أن يوافق عليه شخصان')}` +
    `${when(reasonRequired, '، ويجب ذكر السبب')}.`,

  limit: (duration, from, until) =>
    until === ''
      ? `لمدة ${duration} ابتداءً من ${from}`
      : `حتى ${until}، ولمدة ${duration} على الأكثر ابتداءً من ${from}`,
  retention: (p) =>
    `ما نحتفظ به نحن: ${p.subject}، ${p.limit}؛ ${p.then}.${when(p.categories !== '', ` ويشمل ذلك: ${p.categories}.`)}` +
    when(p.hold, ' وقد يؤجل أمر قانوني هذه النهاية في حالة بعينها.'),
  inactivity: (duration, notices, then) =>
    `ينتهي الحساب الذي لا يُستخدم لمدة ${duration}؛ ${then}.` +
    when(notices !== '', ` ونرسل إشعارًا قبل ذلك بالمدد التالية: ${notices}.`),
  backup: (duration) =>
    `تُحفظ النسخ الاحتياطية لقاعدة بياناتنا لمدة ${duration} على الأكثر؛ وقد يبقى فيها حتى ذلك الحين ما جرى محوه.`,
  keyBackup: (duration) =>
    `تُحفظ النسخ الاحتياطية لمفاتيحنا لمدة ${duration} على الأكثر؛ وحتى ذلك الحين يمكن أن يُقرأ بها ما أُتلف مفتاحه.`,

  identity: (ways) => `نعرف الحساب بما يلي: ${ways}.`,
  selfServiceDeletion: (ways) => `يمكنك حذف حسابك بنفسك: ${ways}.`,
  balance: (outcome) =>
    ({
      forfeit: 'يضيع ما بقي من الرصيد عند حذف الحساب؛ ونطلب تأكيد المبلغ قبل ذلك.',
      refund: 'يُرد ما بقي من الرصيد عند حذف الحساب.',
      block: 'يمكن حذف حساب فيه رصيد بعد استخدام الرصيد أو رده.',
    })[outcome],
  deletionWithin: (duration) => `يكتمل حذف الحساب خلال ${duration} من الطلب.`,
  cancelBefore: (duration) => `يتجدد الاشتراك ما لم يُلغَ قبل نهاية مدته بما لا يقل عن ${duration}.`,

  keptAfterDeletion: (kept) =>
    kept === ''
      ? 'لا يبقى شيء بعد حذف الحساب.'
      : `يبقى ما يلي بعد حذف الحساب، بأسماء مستعارة وضمن حدوده: ${kept}.`,

  right: ({ right, detail, scope, channels }) =>
    right === 'non_discrimination'
      ? 'لا تؤثر ممارسة حق من الحقوق في الأسعار ولا في الحدود ولا في الخدمة.'
      : `يمكنك ${arabicWords.rights[right]}${
          right === 'portability' ? after(detail, ': ') : right === 'complaint' ? after(detail, '، مثل ') : ''
        }${
          {
            everything: '',
            subject_to_law: '، في حدود القانون؛ ونبيّن عندئذ ما يبقى ولماذا وإلى متى',
            where_applicable: '، حيث ينطبق القانون',
            marketing: right === 'objection' ? ' للتسويق؛ ونتوقف عندئذ من دون موازنة المصالح' : ' للتسويق',
          }[scope]
        }.${when(channels !== '', ` ويمكن ذلك ${channels}.`)}`,
  lawfulRight: (right, articles) => `حيث يمنحه القانون، لك أيضًا الحق في ${right} (${articles}).`,
  identityCheck: (level) =>
    `قبل أن نعمل بالطلب نتحقق ممن يقدمه، ${
      {
        account_login: 'بتسجيل الدخول إلى الحساب',
        account_login_or_mail_code: 'بتسجيل الدخول إلى الحساب أو برمز يُرسل بالبريد',
        registered_channel: 'عبر وسيلة اتصال سُجلت من قبل',
      }[level]
    }.`,
  rightWithin: (request, duration, businessDays) =>
    `عندما ${request} نجيب خلال ${duration}${when(businessDays, '، محسوبة بأيام العمل')}، أو قبل ذلك حيث يقرره القانون.`,
  firstReply: (duration, target, businessDays) =>
    `تتلقى الأسئلة عن الخصوصية ردًا أول خلال ${duration}${when(businessDays, '، محسوبة بأيام العمل')}` +
    `${after(target, '؛ ونسعى إلى الرد خلال ')}.`,

  age: (years, attested) =>
    years === 0
      ? 'لا يوجد حد للعمر.'
      : `الخدمة ليست لمن هم دون سن ${years}${when(
          attested,
          '؛ ويُطلب عند التسجيل تأكيد العمر، ولا يُحفظ إلا الجواب ووقته',
        )}.`,
  childDiscovered: (action, duration) =>
    `إذا علمنا أن لدينا بيانات لشخص دون السن المسموح بها، ${
      action === 'erase' ? 'نمحوها' : 'نقيّد استخدامها'
    } خلال ${duration}.`,
  consentGate: (purpose, features) =>
    `بموافقتك وحدها، وهي غير مفعّلة إلى أن تمنحها، نستخدم البيانات من أجل ${purpose}. ` +
    (features === '' ? 'ومن دونها لا يتوقف شيء.' : `ومن دونها يتوقف ما يلي ولا شيء غيره: ${features}.`),
  explicitConsent: (of) => `نطلب موافقة صريحة ومنفصلة على ما يلي: ${of}.`,
  consentReceipts: 'نحفظ إيصالًا عن كل موافقة وعن كل سحب لها (ISO/IEC TS 27560).',
  consentReasked: (duration) => `تُطلب الموافقة من جديد بعد ${duration}.`,
  privacySignal: (shown) =>
    'إذا أرسل المتصفح إشارة Global Privacy Control عُدّ ذلك رفضًا للبيع والمشاركة' +
    `${when(shown, '، وتُظهر الصفحة أن الإشارة قد رُوعيت')}.`,
  acceptance: (mode) =>
    mode === 'explicit'
      ? 'يُطلب قبول هذه السياسة ويُسجَّل مع إصدارها. وليس ذلك موافقة على أي شيء.'
      : 'يُعدّ استخدام الخدمة اطلاعًا على هذا الإصدار ويُسجَّل ذلك. وليس ذلك موافقة على أي شيء.',

  noCookies: 'لا تضع صفحاتنا أي ملف ارتباط.',
  cookie: (name, purpose, essential) =>
    `تضع صفحاتنا ملف الارتباط ${name} من أجل ${purpose}؛ ${
      essential ? 'والصفحات تحتاج إليه' : 'ولا يوضع إلا بعد موافقتك'
    }.`,
  cookieEnds: (name, duration) => `ينتهي ملف الارتباط ${name} بعد ${duration}.`,
  tracker: (name, purpose, via, to) =>
    `يُستخدم ${name} من أجل ${purpose}، بواسطة ${
      { cookie: 'ملف ارتباط', script: 'نص برمجي', device_identifier: 'معرّف للجهاز' }[via]
    }؛ وتصل نتائجه إلى ${to === '' ? 'طرفنا وحده' : to}.`,

  inTransit: (scheme) => `الاتصالات بمنصتنا مشفّرة (TLS ${scheme === 'tls13' ? '1.3' : '1.2 أو أحدث'}).`,
  atRest: (scheme, scope) =>
    scheme === 'volume'
      ? `وحدات التخزين التي نحفظ عليها البيانات مشفّرة${after(scope, ': ')}.`
      : `ما نخزّنه مشفّرًا بمفاتيح يمكن إتلافها واحدًا واحدًا: ${scope}.`,
  passwords: (scheme) =>
    scheme === 'none_held'
      ? 'لا توجد هنا كلمات مرور.'
      : 'لا تُحفظ كلمات المرور إلا بصمات بطيئة مملّحة (Argon2id).',
  staffAccess: (need, breakGlass) =>
    `لا يرى العاملون لدينا أكثر مما يحتاج إليه دورهم${
      {
        ticket: '، ولا يرون المحتوى إلا من أجل طلب مساعدة مفتوح',
        reason: '، ولا يرون المحتوى إلا بعد ذكر سبب يُسجَّل',
        role_only: '',
      }[need]
    }؛ والوصول في حالة الطوارئ ${breakGlass === 'logged' ? 'ممكن ومسجَّل' : 'غير ممكن'}.`,
  monitoring: 'تخضع منصتنا للمراقبة بقياسات لا تحمل بيانات شخصية.',
  auditChain: 'يُسجَّل ما يفعله العاملون والبرامج في سلسلة يظهر فيها أي تغيير لاحق.',
  backupsEncrypted: 'نسخنا الاحتياطية مشفّرة.',
  erasuresReplayed: 'بعد استعادة نسخة احتياطية تُعاد عمليات المحو التي جرت بعدها قبل تقديم أي خدمة.',
  keysApart: 'لا تُحفظ المفاتيح في النسخ الاحتياطية للبيانات التي تشفّرها.',
  logFields: (log, fields, retention) =>
    `لا يحمل سجلنا الخاص بما يلي: ${log}، إلا هذه الحقول: ${fields}. ويُحفظ ضمن: ${retention}.`,
  backupDrill: (duration) => `يُجرى تدريب على استعادة نسخة احتياطية مرة على الأقل كل ${every(duration)}.`,
  noPerfectSecurity: 'لا يوجد نظام آمن تمامًا، وهذا النظام كذلك.',

  breachWithin: (duration) =>
    `إذا وقع خرق للبيانات الشخصية نُبلغ الجهة المختصة خلال ${duration} من علمنا به، حيث يوجبه القانون.`,
  breachNotice: (to) =>
    to === 'always'
      ? 'يُبلَّغ الأشخاص المعنيون بكل خرق.'
      : 'يُبلَّغ الأشخاص المعنيون بالخرق الذي يُرجح أن يعرّضهم لخطر كبير.',
  breachRegister: 'يُقيَّد كل خرق في سجل.',
  changeNotice: (page, inApp, email) => {
    const ways = [when(page, 'على هذه الصفحة'), when(inApp, 'في التطبيق'), when(email, 'بالبريد الإلكتروني')];
    return `تُعلن التعديلات ${ways.filter(Boolean).join(' و')}.`;
  },
  history: (kind) =>
    kind === 'public'
      ? 'تبقى الإصدارات السابقة مقروءة على هذه الصفحة.'
      : 'تُرسل الإصدارات السابقة إلى كل من يطلبها.',
  materialChange: (duration) => `يُعلن كل تعديل جوهري قبل نفاذه بمدة لا تقل عن ${duration}.`,
  evidence: (publish, signed) =>
    publish === 'none'
      ? 'نحتفظ نحن بنتائج الفحوص ولا ننشرها.'
      : `تُنشر نتائج الفحوص ${publish === 'full' ? 'كاملة' : 'ملخصة'}${when(signed, ' وموقّعة')}.`,
  probes: (duration) => `تُجرى الفحوص مرة على الأقل كل ${every(duration)}.`,
  selfReport:
    'النتائج تقرير منا عن أنفسنا: فهي تُظهر ما غُيّر لاحقًا، ولا تُظهر أن البرنامج العامل هو البرنامج المنشور.',

  attestedControl: (control, owner, confirmation) =>
    `يصرّح العاملون لدينا (${owner}) بما يلي: ${control}${confirmation}.`,
  attestedContract: (recipient, ref, confirmation) =>
    `نصرّح بوجود عقد مع ${recipient} (${ref})${confirmation}.`,
  attestedTransfer: (recipient, mechanism, confirmation) =>
    `نصرّح بأن النقل إلى ${recipient} يستند إلى ${mechanism}${confirmation}.`,
  attested: (sentence, confirmation) => `نصرّح بما يلي: ${sentence.replace(/\.$/, '')}${confirmation}.`,
  confirmation: ({ last, expires, expired }) => {
    if (last === '') return '؛ ولم يؤكد ذلك أحد بعد';
    if (expired) return `؛ وآخر تأكيد لذلك في ${last}، وقد انتهت مدته`;
    return `؛ وآخر تأكيد لذلك في ${last}${after(expires, '، ويسري حتى ')}`;
  },

  contactsCaption: 'كيف تصل إلينا',
  contactsColumns: ['الوسيلة', 'العنوان', 'من أجل'],
  recipientsCaption: 'الجهات التي تتلقى البيانات',
  recipientsColumns: ['الجهة', 'الدور', 'البلد', 'البيانات', 'الغرض', 'سياستها'],
  recipientPolicy: 'سياسة هذه الجهة',
  retentionCaption: 'حدود الاحتفاظ لدينا',
  retentionColumns: ['ماذا', 'الحد', 'النهاية'],
  cookiesCaption: 'ملفات الارتباط',
  cookiesColumns: ['الملف', 'الغرض', 'لازم', 'ينتهي بعد'],
  yes: 'نعم',
  no: 'لا',
};

export const arabic: Speech = {
  language: 'ar',
  direction: 'rtl',
  locale: 'ar-u-nu-latn-ca-gregory',
  separator: '؛ ',
  joint: /،| و/,
  words: arabicWords,
  sentences,
};
