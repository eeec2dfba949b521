// The face of erasures: the log, and replaying it after a restore.

export type { ErasureLog, ErasureRecorder } from './erasure-log.ts';
export { type ErasurePlace, erasureFile, erasureTable } from './erasure-place.ts';
export { withRecordedDestruction } from './recorded-destruction.ts';
export {
  type ErasureHandlers,
  type ErasureMemory,
  refuseUncovered,
  replayKeys,
  replayRows,
} from './replay.ts';
