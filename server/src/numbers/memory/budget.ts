// How much may be held in memory, for one workspace and altogether. What does not fit is refused, and the carrier
// keeps it: an acknowledged text is never pushed out by another one.

/** Texts and waiting parts of one workspace. */
const ITEMS_OF_WORKSPACE_MAX = 1_000;
/** Their bytes: as many characters of UTF-8, senders not counted. */
export const BYTES_OF_WORKSPACE_MAX = 1_048_576;
/** Bytes of all workspaces in one home. */
const BYTES_MAX = 67_108_864;

export interface MemoryBounds {
  readonly itemsOfWorkspaceMax: number;
  readonly bytesOfWorkspaceMax: number;
  readonly bytesMax: number;
}

export const MEMORY_BOUNDS: MemoryBounds = {
  itemsOfWorkspaceMax: ITEMS_OF_WORKSPACE_MAX,
  bytesOfWorkspaceMax: BYTES_OF_WORKSPACE_MAX,
  bytesMax: BYTES_MAX,
};

export class MemoryBudget {
  readonly #bounds: MemoryBounds;
  readonly #used = new Map<string, { items: number; bytes: number }>();
  #bytes = 0;

  constructor(bounds: MemoryBounds = MEMORY_BOUNDS) {
    this.#bounds = bounds;
  }

  /** Bytes held now, all workspaces together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The fuller of all bounds that are shared, as a share of one. */
  get share(): number {
    return this.#bytes / this.#bounds.bytesMax;
  }

  /** Sets room aside for one item; false when there is none. */
  reserve(workspaceId: string, bytes: number): boolean {
    const used = this.#used.get(workspaceId) ?? { items: 0, bytes: 0 };
    if (
      used.items + 1 > this.#bounds.itemsOfWorkspaceMax ||
      used.bytes + bytes > this.#bounds.bytesOfWorkspaceMax ||
      this.#bytes + bytes > this.#bounds.bytesMax
    ) {
      return false;
    }
    this.#change(workspaceId, 1, bytes);
    return true;
  }

  /** Sets room aside for what is held already in another form, such as a text made of its parts. */
  claim(workspaceId: string, bytes: number): void {
    this.#change(workspaceId, 1, bytes);
  }

  /** Gives the room of one item back. */
  release(workspaceId: string, bytes: number): void {
    this.#change(workspaceId, -1, -bytes);
  }

  #change(workspaceId: string, items: number, bytes: number): void {
    const used = this.#used.get(workspaceId) ?? { items: 0, bytes: 0 };
    used.items += items;
    used.bytes += bytes;
    this.#bytes += bytes;
    if (used.items === 0) this.#used.delete(workspaceId);
    else this.#used.set(workspaceId, used);
  }
}
