// Epoch rotation: the living keys move to a new epoch and the old epochs are destroyed, and with them every
// leftover that was wrapped under them: freed blocks, log records, backups of the key store.
import type { KeyStore } from './key-store.ts';

export interface Rotation {
  /** The epoch all living keys are under now. */
  readonly epoch: number;
  /** True when this call finished a rotation that another process had begun. */
  readonly resumed: boolean;
  readonly moved: number;
  readonly destroyedEpochs: readonly number[];
}

/**
 * Rotates to a new epoch, or finishes the rotation that was interrupted. Safe to kill at any step and to repeat;
 * refused while another process rotates. Keys can be made, read and destroyed all the while.
 */
export function rotateEpoch(store: KeyStore): Promise<Rotation> {
  return store.exclusively(async () => {
    const before = (await store.census()).epochs;
    const resumed = before.length > 1;
    const epoch = resumed ? before.at(-1)! : await store.addEpoch();
    const moved = await store.rewrap(epoch);
    const destroyedEpochs = (await store.census()).epochs.filter((each) => each < epoch);
    for (const each of destroyedEpochs) await store.destroyEpoch(each);
    return { epoch, resumed, moved, destroyedEpochs };
  });
}
