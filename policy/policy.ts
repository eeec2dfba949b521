// The face of the package: read a policy, know what it obliges to, check it, compare it, hash it. Everything is
// pure and browser-safe; files, clocks and databases are the caller's. Page, lint and record of processing have
// faces of their own (`@sotto/policy/render/...`, `/lint/...`, `/processing-record/...`).
export { canonicalForm, policyHash } from './canonical.ts';
export type { CheckContext, CheckedFault } from './check-policy.ts';
export { checkPolicy } from './check-policy.ts';
export type { PolicyResolver } from './compose.ts';
export type { PolicyChange } from './diff.ts';
export { diffPolicies } from './diff.ts';
export type { Fault, Position } from './fault.ts';
export { checkAgainst } from './gate/check-against.ts';
export type {
  CarrierFact,
  ColumnFact,
  ConfigFacts,
  EgressFact,
  Facts,
  SchemaFacts,
} from './gate/facts.ts';
export type { Refusal } from './gate/refusal.ts';
export type { IsoDate, IsoDuration, Obligation, Policy } from './model.ts';
export { compile } from './obligations/compile.ts';
export type { PolicyReading } from './read-policy.ts';
export { readPolicy } from './read-policy.ts';
export type { FaultCode, GateCode } from './refusals.ts';
export { FAULT_CODES, GATE_CODES } from './refusals.ts';
