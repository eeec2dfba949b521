// What may be done with a check in each of its states. Pure.
//
//   (opened) ─► open ─submit, with a document─► submitted ─approve─► approved
//                                                         └─reject──► rejected
//   open, submitted ─withdraw─► withdrawn
//   open, submitted ─too long─► expired
//
// Of the last four nothing leads on. Documents are taken while it is open and shown to staff while it is submitted.
import type { IdentityCheckState } from '@sotto/contract/identity-checks';
import { identityDocumentsMax } from '@sotto/contract/identity-checks';

interface Standing {
  readonly state: IdentityCheckState;
  readonly documentsCount: number;
}

/** Whether another document is taken. */
export function mayAdd({ state, documentsCount }: Standing): 'yes' | 'not_open' | 'full' {
  if (state !== 'open') return 'not_open';
  return documentsCount < identityDocumentsMax ? 'yes' : 'full';
}

/** Whether it can be submitted; `done` when it was before, and nothing has happened since. */
export function maySubmit({ state, documentsCount }: Standing): 'yes' | 'done' | 'not_open' | 'empty' {
  if (state === 'submitted') return 'done';
  if (state !== 'open') return 'not_open';
  return documentsCount > 0 ? 'yes' : 'empty';
}

/** Whether it can be withdrawn; `done` when it was before. What is decided stays decided. */
export function mayWithdraw({ state }: Standing): 'yes' | 'done' | 'over' {
  if (state === 'withdrawn') return 'done';
  return state === 'open' || state === 'submitted' ? 'yes' : 'over';
}
