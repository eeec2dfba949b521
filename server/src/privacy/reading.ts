// The face of reading (`#privacy/reading`): a context reads its own tables for a purpose, or not at all.

export { DATABASE_CLOCK } from './reading/database-clock.sql.ts';
export { UnreadableQuery } from './reading/read-guard.ts';
export { type Reader, type ReadsOf, readerAbout, readerFor } from './reading/reader.ts';
