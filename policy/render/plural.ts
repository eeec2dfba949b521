// Picks the form a count takes in a language (CLDR plural rules). Arabic has six of them: none, one, two, few (3-10),
// many (11-99) and the rest; English has two.

/** `other` serves every form that is not named. */
export interface Forms {
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

/**
 * A function that puts a count into words. In a form `#` stands for the number; a form without it, such as the Arabic
 * dual, already says how many.
 */
export function counted(locale: string, forms: Forms): (count: number) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale, { useGrouping: false });
  return (count) => {
    const category = rules.select(count);
    const form = category === 'zero' ? forms.other : (forms[category] ?? forms.other);
    return form.replace('#', numbers.format(count));
  };
}
