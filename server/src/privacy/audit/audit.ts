// The face of the audit trail: write an entry in the transaction it is about, and check the chain.

export type { Break, BreakKind } from './check-segment.ts';
export { type Actor, type AuditEntry, type AuditedCaller, actorOf, OPERATOR, SYSTEM } from './entry.ts';
export { record } from './record.ts';
export { type NotedHead, type Verification, type VerifyRange, verifyAudit } from './verify.ts';
