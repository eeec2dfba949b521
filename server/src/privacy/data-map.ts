// The face of the data map: what a context's steward.ts is written with, and what tests and the policy read.

export { compareWithCatalog } from './checks/catalog-check.ts';
export { describeStatement } from './checks/describe-statement.ts';
export { type LiveColumn, readLiveCatalog } from './checks/live-catalog.sql.ts';
export {
  countValues,
  type GuardedColumn,
  liftGuard,
  readGuards,
  readNotNull,
  setGuard,
} from './checks/null-guards.sql.ts';
export {
  checkStatementColumns,
  mayRead,
  type Origins,
  originsOf,
  type ResultField,
  type StatementFinding,
} from './checks/statement-check.ts';
export { unreachableSubjects, type Way, waysToSubjects } from './checks/subject-paths.ts';
export { touchedColumns } from './checks/touched-columns.sql.ts';
export type { Category } from './map/categories.ts';
export {
  type CompleteMap,
  completeMap,
  type EveryStewardOf,
  joinStewards,
} from './map/complete-map.ts';
export {
  type AnyTable,
  type DataMap,
  type IndexedColumnOf,
  type SealedColumnOf,
  type Steward,
  type SubjectKind,
  steward,
} from './map/data-map.ts';
export type { LegalBasis, Purpose, RetentionKey } from './map/purposes.ts';
export { clear, closedJson, hashed, indexed, operations, sealed, type Tag } from './map/tags.ts';
