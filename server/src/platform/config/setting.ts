// What a setting is: the variable, one line of meaning for README's table, how its text is read, and what holds
// when it is absent. Absent and empty are the same, because a container cannot unset a variable it inherits.
import type * as z from 'zod';
import { Secret } from './secret.ts';

export interface Setting<T> {
  readonly variable: `SOTTO_${string}`;
  /** One line for README's table. */
  readonly meaning: string;
  /** The default as the table shows it. */
  readonly shownDefault: string;
  /** Reads the text; its messages complete the sentence "SOTTO_X ...". */
  readonly read: z.ZodType<T, string>;
  /** A secret may also come from the file that `<variable>_FILE` names. */
  readonly secret: boolean;
}

interface Described {
  readonly meaning: string;
  readonly shownDefault?: string;
}

/** A setting that may be absent. */
export const optional = <T>(
  variable: Setting<T>['variable'],
  read: z.ZodType<T, string>,
  described: Described,
): Setting<T> & { readonly fallback: undefined } => ({
  variable,
  read,
  secret: false,
  fallback: undefined,
  meaning: described.meaning,
  shownDefault: described.shownDefault ?? 'none',
});

/** A setting with a default. */
export const defaulted = <T>(
  variable: Setting<T>['variable'],
  read: z.ZodType<T, string>,
  fallback: NoInfer<T>,
  described: Described,
): Setting<T> & { readonly fallback: T } => ({
  variable,
  read,
  secret: false,
  fallback,
  meaning: described.meaning,
  shownDefault: described.shownDefault ?? `\`${String(fallback)}\``,
});

/** A secret that may be absent; it comes from the variable or from the file that `<variable>_FILE` names. */
export const secret = (
  variable: Setting<Secret>['variable'],
  read: z.ZodType<string, string>,
  described: Described,
): Setting<Secret> & { readonly fallback: undefined } => ({
  variable,
  read: read.transform((text) => new Secret(text)) as z.ZodType<Secret, string>,
  secret: true,
  fallback: undefined,
  meaning: described.meaning,
  shownDefault: described.shownDefault ?? 'none',
});
