// Why data may be used: a closed set, each with its use in the fideslang taxonomy and the words of the page. A
// policy may lack a purpose, which switches off what needs it; it cannot invent one.

export const PURPOSES = {
  service: { use: 'essential.service', means: 'provide the account and its features' },
  delivery: { use: 'essential.service', means: 'carry a message to its recipient and report on it' },
  activation_support: {
    use: 'essential.service.operations.support',
    means: 'help with a number that did not receive its code',
  },
  reliability: { use: 'essential.service.operations', means: 'keep delivery stable' },
  billing: { use: 'essential.service.payment_processing', means: 'take payments, keep the balance, invoice' },
  security: { use: 'essential.service.security', means: 'sign in, keep accounts and the service safe' },
  fraud: { use: 'essential.fraud_detection', means: 'prevent fraud and misuse' },
  support: { use: 'essential.service.operations.support', means: 'answer requests for help' },
  contact: {
    use: 'essential.service.notifications',
    means: 'send notices about the account and the service',
  },
  contact_feature: { use: 'functional.service', means: 'keep the contacts a customer imported' },
  marketing: { use: 'marketing.communications', means: 'advertise our own products' },
  improve: { use: 'functional.service.improve', means: 'improve the service' },
  analytics: { use: 'analytics.reporting', means: 'count how the service is used' },
  suppression: { use: 'essential.legal_obligation', means: 'honour stops and objections' },
  legal: { use: 'essential.legal_obligation', means: 'keep the law: books, requests, rights' },
  audit: { use: 'essential.service.security', means: 'show who did what' },
  operations: { use: 'essential.service.operations', means: 'run the platform itself' },
} as const satisfies Readonly<Record<string, { readonly use: string; readonly means: string }>>;

export type Purpose = keyof typeof PURPOSES;
export const PURPOSE_KEYS = Object.keys(PURPOSES) as readonly Purpose[];
