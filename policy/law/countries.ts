// Which countries a transfer needs no mechanism for, and of which an authority has found the protection adequate.
import type { Country } from '../model.ts';
import type { Jurisdiction } from '../vocabulary/jurisdictions.ts';

/** The European Economic Area (GDPR Art. 44 with the EEA Agreement). */
const EEA: readonly Country[] = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT'],
  ...['LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK', 'IS', 'LI', 'NO'],
];

/** Decisions of the European Commission under GDPR Art. 45(3); for CA and US they cover part of the recipients. */
export const ADEQUATE: readonly Country[] = [
  ...['AD', 'AR', 'CA', 'CH', 'FO', 'GB', 'GG', 'IL', 'IM', 'JE', 'JP', 'KR', 'NZ', 'US', 'UY'],
];

/** Where data may go without a mechanism; absent where the law has no rule about transfers. */
export const DOMESTIC: { readonly [J in Jurisdiction]?: readonly Country[] } = {
  'eu-gdpr': EEA,
  // The United Kingdom treats the EEA as adequate (Data Protection Act 2018, Schedule 21).
  'uk-gdpr': ['GB', ...EEA],
  // PDPL Art. 29.
  'sa-pdpl': ['SA'],
};
