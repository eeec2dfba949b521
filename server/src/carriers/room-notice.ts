// Telling whoever fetches parts that there is room again: once for each time it had gone, not for each answer.
import { log } from '#platform/log';
import type { Lane } from './port.ts';

export class RoomNotice {
  readonly #listeners: (() => void)[] = [];
  /** Whether somebody was told, or could have seen, that there is no room. */
  #fullForCodes = true;
  #fullForBulk = true;

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** A caller was told that this lane has no room. */
  full(lane: Lane): void {
    if (lane === 'otp') this.#fullForCodes = true;
    else this.#fullForBulk = true;
  }

  /** Calls the listeners when a lane that had no room has some. */
  update(roomForCodes: boolean, roomForBulk: boolean): void {
    const grown = (this.#fullForCodes && roomForCodes) || (this.#fullForBulk && roomForBulk);
    this.#fullForCodes = !roomForCodes;
    this.#fullForBulk = !roomForBulk;
    if (!grown) return;
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        log.error('carriers.capacity_listener_failed', { error });
      }
    }
  }
}
