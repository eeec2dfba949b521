// Bodies of law a policy can be under. Their clocks stand in ../law.

export const JURISDICTIONS = {
  'eu-gdpr': 'the European Union (GDPR)',
  'uk-gdpr': 'the United Kingdom (UK GDPR)',
  'us-ca-ccpa': 'California (CCPA)',
  'sa-pdpl': 'Saudi Arabia (PDPL)',
  generic: 'any other country',
} as const;

export type Jurisdiction = keyof typeof JURISDICTIONS;
export const JURISDICTION_KEYS = Object.keys(JURISDICTIONS) as readonly Jurisdiction[];
