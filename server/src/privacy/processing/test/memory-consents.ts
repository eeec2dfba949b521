// Consent records in memory: the fake of the port, for tests of what asks it.
import type { ConsentRecords } from '../processing.ts';

export interface MemoryConsents extends ConsentRecords {
  give(subjectId: string, purpose: string): void;
  withdraw(subjectId: string, purpose: string): void;
  optOutOfSharing(subjectId: string): void;
}

export function memoryConsents(): MemoryConsents {
  const given = new Set<string>();
  const optedOut = new Set<string>();
  return {
    give: (subjectId, purpose) => void given.add(`${subjectId} ${purpose}`),
    withdraw: (subjectId, purpose) => void given.delete(`${subjectId} ${purpose}`),
    optOutOfSharing: (subjectId) => void optedOut.add(subjectId),
    isGiven: async (_tx, { id }, purpose) => given.has(`${id} ${purpose}`),
    optsOutOfSharing: async (_tx, { id }) => optedOut.has(id),
  };
}
