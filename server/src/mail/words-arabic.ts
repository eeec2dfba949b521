// The mails in Arabic.
import type { Words } from './wording.ts';

const NOT_YOU = 'إن لم تكن أنت من فعل ذلك فافتح الرابط حالًا، فمنه تُنهي جميع الجلسات وتختار كلمة مرور جديدة.';
const IGNORE = 'إن لم تطلب ذلك فلا يلزمك فعل شيء.';

const CHANGES = {
  added: 'أُضيف عامل تحقق ثانٍ إلى حسابك',
  removed: 'أُزيل عامل تحقق ثانٍ من حسابك',
  recovery_codes_renewed: 'جُدِّدت رموز الاسترداد لحسابك',
  recovery_code_used: 'استُخدم رمز استرداد لتسجيل الدخول إلى حسابك',
  passkey_refused: 'قُدِّم مفتاح مرور قد يكون نسخة من مفتاحك ورُفض',
} as const;

export const arabic: Words = {
  email_verification: ({ link, code, minutes }, { service }) => ({
    subject: `تأكيد بريدك الإلكتروني لدى ${service}`,
    paragraphs: [
      `يُرجى تأكيد أن هذا العنوان لك. يعمل الرابط مرة واحدة خلال ${minutesOf(minutes)}.`,
      ...(code === null ? [] : ['أو أدخل هذا الرمز:']),
    ],
    code,
    link: { href: link, label: 'تأكيد العنوان' },
    closing: [IGNORE],
  }),
  account_exists: ({ link }, { service }) => ({
    subject: `لديك حساب لدى ${service} بالفعل`,
    paragraphs: [
      'وصلنا طلب لفتح حساب بهذا العنوان، والأرجح أنه منك، غير أن للعنوان حسابًا بالفعل.',
      'سجّل الدخول بكلمة مرورك، وإن نسيتها فافتح الرابط لاختيار كلمة مرور جديدة.',
    ],
    link: { href: link, label: 'اختيار كلمة مرور جديدة' },
    closing: [IGNORE],
  }),
  password_reset: ({ link, minutes }, { service }) => ({
    subject: `اختيار كلمة مرور جديدة لدى ${service}`,
    paragraphs: [
      'وصلنا طلب لاختيار كلمة مرور جديدة لحسابك، والأرجح أنه منك.',
      `يعمل الرابط مرة واحدة خلال ${minutesOf(minutes)}. تبقى كلمة مرورك كما هي إلى أن تختار غيرها.`,
    ],
    link: { href: link, label: 'اختيار كلمة مرور جديدة' },
    closing: [IGNORE],
  }),
  sign_in_from_new_device: ({ at, device, link }, { service, time, name }) => ({
    subject: `دخول جديد إلى حسابك لدى ${service}`,
    paragraphs: [
      `جرى الدخول إلى حسابك في ${time(at)} من جهاز لم نعرفه من قبل: ${name(device, 'جهاز غير معروف')}.`,
      'إن كنت أنت من دخل فلا يلزمك فعل شيء.',
    ],
    link: { href: link, label: 'عرض الجلسات' },
    closing: [NOT_YOU],
  }),
  password_changed: ({ at, link }, { service, time }) => ({
    subject: `تغيّرت كلمة مرورك لدى ${service}`,
    paragraphs: [`غُيِّرت كلمة مرور حسابك في ${time(at)}.`],
    link: { href: link, label: 'عرض الحساب' },
    closing: [NOT_YOU],
  }),
  second_factor_changed: ({ at, change, link }, { service, time }) => ({
    subject: `بشأن عامل التحقق الثاني لحسابك لدى ${service}`,
    paragraphs: [`${CHANGES[change]} في ${time(at)}.`],
    link: { href: link, label: 'عرض الحساب' },
    closing: [NOT_YOU],
  }),
  email_changed: ({ at, link }, { service, time }) => ({
    subject: `تغيّر البريد الإلكتروني لحسابك لدى ${service}`,
    paragraphs: [`لحسابك عنوان بريد آخر منذ ${time(at)}. هذه آخر رسالة إلى هذا العنوان.`],
    link: { href: link, label: 'كيف تتواصل معنا' },
    closing: ['إن لم تكن أنت من غيّره فأخبرنا حالًا؛ تبيّن الصفحة كيف تصل إلينا.'],
  }),
  invitation: ({ workspace, link, days }, { service, name }) => ({
    subject: `دعوة إلى ${service}`,
    paragraphs: [
      `أنت مدعو إلى الانضمام إلى ${name(workspace, 'مساحة عمل')} لدى ${service}.`,
      `يعمل الرابط مرة واحدة خلال ${counted(days, DAYS)}.`,
    ],
    link: { href: link, label: 'عرض الدعوة' },
    closing: ['إن كنت لا تعرف من دعاك فتجاهل هذه الرسالة.'],
  }),
  account_closing: ({ closesOn, link }, { service, day }) => ({
    subject: `سيُغلق حسابك لدى ${service}`,
    paragraphs: [
      `لم تستخدم حسابك منذ مدة طويلة. سيُغلق في ${day(closesOn)} ويُحذف ما فيه.`,
      'للإبقاء عليه يكفي أن تدخل إليه مرة واحدة قبل ذلك اليوم.',
    ],
    link: { href: link, label: 'الإبقاء على الحساب' },
  }),
  account_closed: (_params, { service }) => ({
    subject: `أُغلق حسابك لدى ${service}`,
    paragraphs: [
      'أُغلق حسابك، ويُحذف الآن ما كان فيه؛ أما ما يُلزمنا القانون بحفظه فيُحفظ من دون اسمك.',
      'هذه آخر رسالة بشأنه.',
    ],
  }),
  low_balance: ({ balance, link }, { service, money }) => ({
    subject: `رصيدك لدى ${service} منخفض`,
    paragraphs: [`رصيدك الآن ${money(balance)}. وإذا نفد فلن يُرسل شيء بعده.`],
    link: { href: link, label: 'شحن الرصيد' },
  }),
  subscription_unpaid: ({ plan, amount, endsOn, link }, { service, money, day, name }) => ({
    subject: `تعذّر تجديد باقتك لدى ${service}`,
    paragraphs: [
      `الرصيد لا يكفي للشهر التالي من ${name(plan, 'باقتك')}: ${money(amount)}. نعيد المحاولة كل يوم حتى ${day(endsOn)}، ثم تنتهي الباقة.`,
      'الرصيد الإضافي الممنوح لا يُدفع به ثمن الباقات.',
    ],
    link: { href: link, label: 'شحن الرصيد' },
  }),
  subscription_ended: ({ plan, link }, { service, name }) => ({
    subject: `انتهت باقتك لدى ${service}`,
    paragraphs: [
      `انتهت ${name(plan, 'باقتك')} لأنها لم تُدفع. لم نخصم شيئًا، ويبقى ما لديك كما هو؛ ويمكنك الاشتراك من جديد في أي وقت.`,
    ],
    link: { href: link, label: 'عرض الباقات' },
  }),
  auto_top_up_stopped: ({ amount, why, link }, { service, money }) => ({
    subject: `توقّف الشحن التلقائي لرصيدك لدى ${service}`,
    paragraphs: [
      {
        needs_you: `يريد بنكك التحقق منك قبل دفع ${money(amount)}. اشحن الرصيد بنفسك وسيسألك البنك. لن يُخصم شيء تلقائيًا حتى تُعدّه من جديد.`,
        declined: `حاولنا ثلاث مرات خصم ${money(amount)} ولم تنجح العملية. لم يُخصم منك شيء، ولن نحاول مجددًا حتى تُعدّه من جديد.`,
        refunded: `أُعيدت دفعة تلقائية بمبلغ ${money(amount)}. أُزيلت البطاقة المحفوظة، ولن يُخصم شيء تلقائيًا.`,
        disputed: `استردّ بنكك دفعة تلقائية بمبلغ ${money(amount)}. أُزيلت البطاقة المحفوظة، ولن يُخصم شيء تلقائيًا.`,
      }[why],
    ],
    link: { href: link, label: 'شحن الرصيد' },
  }),
  payment_received: ({ amount, at, link }, { service, money, time }) => ({
    subject: `وصلت دفعتك إلى ${service}`,
    paragraphs: [`استلمنا ${money(amount)} في ${time(at)}. شكرًا لك.`],
    link: { href: link, label: 'عرض الرصيد' },
  }),
  payment_failed: ({ amount, link }, { service, money }) => ({
    subject: `لم تتم دفعتك إلى ${service}`,
    paragraphs: [`تعذّر إجراء دفعة بمبلغ ${money(amount)}. لم نخصم منك شيئًا، ورصيدك كما هو.`],
    link: { href: link, label: 'المحاولة مرة أخرى' },
  }),
  ticket_reply: ({ reference, link }, { service, name }) => ({
    subject: `رد من ${service}: ${name(reference, 'طلبك')}`,
    paragraphs: [`ورد رد على طلبك ${name(reference, '')}.`],
    ...(link === null
      ? { closing: ['للمتابعة، أجب عن هذه الرسالة.'] }
      : { link: { href: link, label: 'قراءة الرد' } }),
  }),
  device_recovery: ({ link, code, minutes }, { service }) => ({
    subject: `استعادة حسابك لدى ${service}`,
    paragraphs: [
      `افتح الرابط على الجهاز الذي تريد الحساب عليه. يعمل مرة واحدة خلال ${minutesOf(minutes)}.`,
      ...(code === null ? [] : ['أو أدخل هذا الرمز هناك:']),
    ],
    code,
    link: { href: link, label: 'استعادة الحساب' },
    closing: ['لا تُعطِ الرابط ولا الرمز لأحد، فمن حصل على أحدهما حصل على حسابك.'],
  }),
  news: ({ headline, text, unsubscribe }, { service, name }) => ({
    subject: name(headline, `أخبار من ${service}`),
    paragraphs: text.split(/\r?\n\s*\r?\n/),
    link: { href: unsubscribe, label: 'إيقاف هذه الرسائل' },
  }),
};

/** One, two, three to ten, and from eleven on: how Arabic counts. */
type Counted = readonly [one: string, two: string, few: string, many: string];
const DAYS: Counted = ['يوم واحد', 'يومين', 'أيام', 'يومًا'];
const HOURS: Counted = ['ساعة واحدة', 'ساعتين', 'ساعات', 'ساعة'];
const MINUTES: Counted = ['دقيقة واحدة', 'دقيقتين', 'دقائق', 'دقيقة'];

function counted(count: number, [one, two, few, many]: Counted): string {
  if (count === 1) return one;
  if (count === 2) return two;
  const lastTwo = count % 100;
  return `${count} ${lastTwo >= 3 && lastTwo <= 10 ? few : many}`;
}

function minutesOf(minutes: number): string {
  if (minutes % 1_440 === 0) return counted(minutes / 1_440, DAYS);
  if (minutes % 60 === 0) return counted(minutes / 60, HOURS);
  return counted(minutes, MINUTES);
}
