// The face of suppressions: record one, and ask before writing to somebody.

export {
  type Addressee,
  type NewSuppression,
  type SuppressedClass,
  type Suppression,
  suppress,
  suppressedAmong,
} from './suppress.ts';
