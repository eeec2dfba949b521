// The face of erasures: the log, and replaying it after a restore.

export {
  createErasureLog,
  type ErasureLog,
  type ErasureRecorder,
  missingLog,
  openErasureLog,
} from './erasure-log.ts';
export { withRecordedDestruction } from './recorded-destruction.ts';
export {
  type ErasureHandlers,
  type ErasureMemory,
  refuseUncovered,
  replayKeys,
  replayRows,
} from './replay.ts';
