// Consent records in memory: the fake of the port, for tests of what asks it.
import type { ConsentRecords } from '../processing.ts';

export interface MemoryConsents extends ConsentRecords {
  give(subjectId: string, purpose: string): void;
  withdraw(subjectId: string, purpose: string): void;
}

export function memoryConsents(): MemoryConsents {
  const given = new Set<string>();
  return {
    give: (subjectId, purpose) => void given.add(`${subjectId} ${purpose}`),
    withdraw: (subjectId, purpose) => void given.delete(`${subjectId} ${purpose}`),
    isGiven: async (_tx, { id }, purpose) => given.has(`${id} ${purpose}`),
  };
}
