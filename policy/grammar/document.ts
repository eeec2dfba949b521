// A whole policy: its sections in the order of the documentation. All have to be there once `extends` is
// resolved; an omitted section would be a promise nobody sees.
import type { Policy } from '../model.ts';
import { defaulted, map, required } from './map.ts';
import { data, purposes } from './sections/data.ts';
import { audience, controller, heading, subjects } from './sections/heading.ts';
import { account, backups, retention } from './sections/keeping.ts';
import { messages } from './sections/messages.ts';
import { recipients, sharing, transfers } from './sections/recipients.ts';
import { acceptance, consent, rights } from './sections/rights.ts';
import {
  breach,
  changes,
  cookies,
  logs,
  proseByLanguage,
  security,
  verification,
  weakens,
} from './sections/safeguards.ts';

export const document = map<Policy>({
  policy: required(heading),
  controller: required(controller),
  subjects: required(subjects),
  audience: required(audience),
  data: required(data),
  purposes: required(purposes),
  messages: required(messages),
  recipients: required(recipients),
  sharing: required(sharing),
  transfers: required(transfers),
  retention: required(retention),
  account: required(account),
  rights: required(rights),
  consent: required(consent),
  acceptance: required(acceptance),
  cookies: required(cookies),
  security: required(security),
  backups: required(backups),
  logs: required(logs),
  breach: required(breach),
  changes: required(changes),
  verification: required(verification),
  text: defaulted(proseByLanguage, {}),
  weakens: defaulted(weakens, []),
});
