// The sections that say which policy this is, whose, and about whom.
import type { Audience, Contact, Controller, Heading } from '../../model.ts';
import { JURISDICTION_KEYS } from '../../vocabulary/jurisdictions.ts';
import { AGE_GATES, DISCOVERY_ACTIONS, LANGUAGES, SUBJECTS } from '../../vocabulary/people.ts';
import { CHANNELS, CONTACT_USES } from '../../vocabulary/rights.ts';
import { date, duration, httpsUrl, identifier, semver } from '../formats.ts';
import { list } from '../list.ts';
import { defaulted, map, optional, required } from '../map.ts';
import { choice, exactly, integer, text } from '../values.ts';

export const heading = map<Heading>({
  schema: required(exactly(1)),
  id: required(identifier),
  version: required(semver),
  effective: required(date),
  languages: defaulted(list(choice(LANGUAGES), LANGUAGES.length, 1), ['en']),
  jurisdictions: required(list(choice(JURISDICTION_KEYS), JURISDICTION_KEYS.length, 1)),
  strictness: defaulted(choice(['refuse', 'degrade']), 'degrade'),
});

const contact = map<Contact>({
  channel: required(choice(CHANNELS)),
  value: required(text(300)),
  for: required(list(choice(CONTACT_USES), CONTACT_USES.length, 1)),
});

export const controller = map<Controller>({
  name: required(text(200)),
  address: required(text(400)),
  contacts: required(list(contact, 20, 1)),
  dpo: optional(text(300)),
  eu_representative: optional(text(400)),
  authority: optional(
    map<{ readonly name: string; readonly url: string }>({
      name: required(text(200)),
      url: required(httpsUrl),
    }),
  ),
});

export const subjects = list(choice(SUBJECTS), SUBJECTS.length, 1);

export const audience = map<Audience>({
  min_age: required(integer(0, 21)),
  gate: required(choice(AGE_GATES)),
  on_discovery: optional(
    map<NonNullable<Audience['on_discovery']>>({
      action: required(choice(DISCOVERY_ACTIONS)),
      within: required(duration),
    }),
  ),
});
