// What a policy can speak about: the keys of the fideslang taxonomy (MIT) this product uses, and extensions under
// existing parents for what the taxonomy lacks. The set is closed; `user.contact` and the like are groups, which
// roll their members up and can be promised `never` as a whole.

/** Every category, what people call it, and whether it is ours rather than fideslang's. */
export const CATEGORIES = {
  'system.operations': { means: 'data of the machinery, about nobody', extension: false },
  'user.account.settings': { means: 'account settings', extension: false },
  'user.account.username': { means: 'user name', extension: false },
  'user.authorization.password': {
    means: 'passwords, keys and tokens, as hashes or sealed',
    extension: false,
  },
  'user.behavior.browsing_history': { means: 'pages and screens visited', extension: false },
  'user.behavior.delivery_metadata': {
    means: 'when a message went where and what became of it',
    extension: true,
  },
  'user.behavior.purchase_history': { means: 'purchases', extension: false },
  'user.behavior.service_used': { means: 'the service a code was for', extension: true },
  'user.childrens': { means: 'data of children', extension: false },
  'user.contact.counterparty_number': {
    means: 'telephone number of a message’s other party',
    extension: true,
  },
  'user.contact.email': { means: 'e-mail address', extension: false },
  'user.contact.organization': { means: 'organisation', extension: false },
  'user.contact.phone_number': { means: 'telephone number', extension: false },
  'user.content.private': { means: 'private content', extension: false },
  'user.content.private.otp_code': { means: 'one-time codes', extension: true },
  'user.content.private.sms_body': { means: 'message texts', extension: true },
  'user.content.private.support_message': { means: 'messages to support', extension: true },
  'user.device': { means: 'device and browser', extension: false },
  'user.device.app_version': { means: 'app version', extension: true },
  'user.device.cookie_id': { means: 'cookie and session identifiers', extension: false },
  'user.device.device_id': { means: 'device identifier', extension: false },
  'user.device.ip_address': { means: 'network address', extension: false },
  'user.device.model': { means: 'device model', extension: true },
  'user.financial': { means: 'financial data', extension: false },
  'user.financial.credit_card': { means: 'card number', extension: false },
  'user.financial.ledger_entry': { means: 'entries of the balance', extension: true },
  'user.government_id': { means: 'official identifiers', extension: false },
  'user.government_id.kyc_document': { means: 'identity documents', extension: true },
  'user.location.imprecise': { means: 'country or region', extension: false },
  'user.location.precise': { means: 'precise location', extension: false },
  'user.name': { means: 'name', extension: false },
  'user.payment': { means: 'payment data', extension: false },
  'user.payment.provider_reference': { means: 'the payment provider’s reference', extension: true },
  'user.payment.wallet_address': { means: 'wallet address', extension: true },
  'user.privacy_preferences': { means: 'consents and objections', extension: false },
  'user.social.address_book': { means: 'imported contacts', extension: true },
  'user.telemetry': { means: 'usage counts', extension: false },
  'user.telemetry.error_report': { means: 'error reports', extension: true },
  'user.unique_id.leased_number': { means: 'leased telephone number', extension: true },
  'user.unique_id.pseudonymous': { means: 'internal identifiers', extension: false },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly extension: boolean }>>;

export type Category = keyof typeof CATEGORIES;

/** Parents that are no category themselves; a policy may promise them `never` or seal them as a whole. */
export const CATEGORY_GROUPS = {
  'user.account': 'account data',
  'user.authorization': 'credentials',
  'user.behavior': 'behaviour',
  'user.contact': 'contact data',
  'user.content': 'content',
  'user.location': 'location',
  'user.social': 'social data',
  'user.unique_id': 'identifiers',
} as const;

export type CategoryGroup = keyof typeof CATEGORY_GROUPS;

export const CATEGORY_KEYS = Object.keys(CATEGORIES) as readonly Category[];
export const CATEGORY_GROUP_KEYS = Object.keys(CATEGORY_GROUPS) as readonly CategoryGroup[];

/** Whether `key` is `of` or lies below it: `user.contact.email` is within `user.contact`. */
export const isWithin = (key: string, of: string): boolean => key === of || key.startsWith(`${of}.`);

/** The categories a key stands for: a group's members, or the category with those below it. */
export const categoriesWithin = (key: Category | CategoryGroup): readonly Category[] =>
  CATEGORY_KEYS.filter((category) => isWithin(category, key));

/** Texts and codes: what a promise about bodies is about. */
export const BODY_CATEGORIES = ['user.content.private.sms_body', 'user.content.private.otp_code'] as const;

/** No policy may allow these: the payment provider sees the card, we never do. */
export const NEVER_HELD: readonly Category[] = ['user.financial.credit_card'];
