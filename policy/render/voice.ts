// A policy in one language: turns the keys, durations, dates and countries of the policy into words, and knows which
// recipients exist while the features are as they are.
import { durationOf } from '../duration.ts';
import type { Country, Direction, IsoDate, IsoDuration, Policy, RecipientStatement } from '../model.ts';
import { BODY_CATEGORIES, type Category, type CategoryGroup, isWithin } from '../vocabulary/categories.ts';
import type { Feature } from '../vocabulary/features.ts';
import type { Purpose } from '../vocabulary/purposes.ts';
import { foreign } from './foreign-text.ts';
import type { Speech, Unit } from './speech.ts';

const UNNAMED_COUNTRY = 'XX';
/** Who receives these together with texts supplies numbers. */
const CATEGORIES_OF_NUMBERS = ['user.unique_id.leased_number', 'user.behavior.service_used'] as const;

export class Voice {
  readonly policy: Policy;
  readonly speech: Speech;
  /** Of the day the page is made, for confirmations that have run out. */
  readonly today: IsoDate;
  readonly isOn: (feature: Feature) => boolean;
  // Made when first used: each costs milliseconds, and a sentence of the boot gate needs few of them.
  #lists: Intl.ListFormat | undefined;
  #dates: Intl.DateTimeFormat | undefined;
  #countries: Intl.DisplayNames | undefined;
  #languages: Intl.DisplayNames | undefined;

  constructor(policy: Policy, speech: Speech, isOn: (feature: Feature) => boolean, today: IsoDate) {
    this.policy = policy;
    this.speech = speech;
    this.isOn = isOn;
    this.today = today;
  }

  /** "a, b and c"; empty for none. Where an item is made of several itself, "a; b; c", so that it is clear which. */
  list(items: readonly string[]): string {
    const { separator, joint } = this.speech;
    return items.some((item) => joint.test(item)) ? items.join(separator) : this.#joined(items);
  }

  categories(keys: readonly (Category | CategoryGroup)[]): string {
    const { categories, groups } = this.speech.words;
    const names: Readonly<Record<string, string>> = { ...groups, ...categories };
    return this.list(keys.map((key) => names[key]!));
  }

  purposes(keys: readonly Purpose[]): string {
    return this.list(keys.map((key) => this.speech.words.purposes[key]));
  }

  /** "2 years and 3 days": whole years where months make them, and hours as hours, since the law counts those apart. */
  duration(text: IsoDuration): string {
    const { months, days, seconds } = durationOf(text);
    const counts: [Unit, number][] = [
      ...(months % 12 === 0
        ? [['year', months / 12] as [Unit, number]]
        : [['month', months] as [Unit, number]]),
      ['day', days],
      ['hour', Math.floor(seconds / 3600)],
      ['minute', Math.floor((seconds % 3600) / 60)],
      ['second', seconds % 60],
    ];
    const { units } = this.speech.words;
    return this.#joined(counts.filter(([, count]) => count > 0).map(([unit, count]) => units[unit](count)));
  }

  date(text: IsoDate): string {
    return this.#dated(new Date(`${text}T00:00:00Z`));
  }

  /** A moment as its date; RFC 3339. */
  moment(text: string): string {
    return this.#dated(new Date(text));
  }

  country(code: Country): string {
    if (code === UNNAMED_COUNTRY) return this.speech.words.unnamedCountry;
    this.#countries ??= new Intl.DisplayNames(this.speech.locale, { type: 'region' });
    return this.#countries.of(code) ?? foreign(code);
  }

  language(code: string): string {
    this.#languages ??= new Intl.DisplayNames(this.speech.locale, { type: 'language' });
    return this.#languages.of(code) ?? code;
  }

  /** Recipients that exist while the features are as they are, by key. */
  recipients(): [string, RecipientStatement][] {
    return Object.entries(this.policy.recipients).filter(
      ([, { when }]) => when === undefined || this.isOn(when),
    );
  }

  recipient(key: string): RecipientStatement | undefined {
    return this.recipients().find(([name]) => name === key)?.[1];
  }

  nameOf(key: string): string {
    const { recipients } = this.policy;
    return foreign(Object.hasOwn(recipients, key) ? recipients[key]!.name : key);
  }

  /** Keys of recipients that receive one of the categories, or a part of one. */
  seersOf(categories: readonly Category[]): string[] {
    return this.recipients()
      .filter(([, recipient]) => overlap(recipient.categories, categories))
      .map(([key]) => key);
  }

  /**
   * Keys of recipients that see texts of one direction. Who is listed for it does. Who supplies numbers sees what
   * arrives on them, listed or not; where nobody is listed, so does everybody else who receives texts at all.
   */
  seersOfTexts(direction: Direction): string[] {
    const listed = this.policy.messages[direction].body.recipients;
    return this.recipients()
      .filter(([key, { categories }]) => {
        if (listed.includes(key)) return true;
        if (!overlap(categories, BODY_CATEGORIES)) return false;
        if (overlap(categories, CATEGORIES_OF_NUMBERS)) return direction === 'inbound';
        return listed.length === 0;
      })
      .map(([key]) => key);
  }

  /** Where somebody can delete the own account: an account that is known by a device alone has nothing but the app. */
  deletionWays(): ('self_service' | 'in_app')[] {
    const elsewhere = this.policy.account.identity.some((identity) => identity !== 'device_token');
    return [
      ...(elsewhere ? (['self_service'] as const) : []),
      ...(this.isOn('in_app_deletion') ? (['in_app'] as const) : []),
    ];
  }

  /** Asked about with consent, and everything it gates is off: nothing is done for it. */
  isResting(purpose: Purpose): boolean {
    const gate = this.policy.purposes[purpose]?.feature_gate ?? [];
    return gate.length > 0 && !gate.some((feature) => this.isOn(feature));
  }

  #joined(items: readonly string[]): string {
    this.#lists ??= new Intl.ListFormat(this.speech.locale, { type: 'conjunction', style: 'long' });
    return this.#lists.format(items);
  }

  #dated(moment: Date): string {
    this.#dates ??= new Intl.DateTimeFormat(this.speech.locale, { dateStyle: 'long', timeZone: 'UTC' });
    return this.#dates.format(moment);
  }
}

const overlap = (some: readonly Category[], others: readonly Category[]) =>
  some.some((one) => others.some((other) => isWithin(one, other) || isWithin(other, one)));
