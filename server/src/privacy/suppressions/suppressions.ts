// The face of suppressions: record one, and ask before writing to somebody.

export {
  type AskedRecipient,
  type NewSuppression,
  type SuppressedClass,
  type Suppression,
  suppress,
  suppressedAmong,
} from './suppress.ts';
export { isAnySuppressed } from './suppression.sql.ts';
export { type SuppressionWatch, watchSuppressions } from './watch.ts';
