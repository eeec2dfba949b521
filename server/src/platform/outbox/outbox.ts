// The face of the outbox: declare events, emit them in the transaction that made them true, subscribe jobs.
import type { Tx } from '../db/database.ts';
import { assertInvariant } from '../errors.ts';
import { newId } from '../ids.ts';
import { type IdsOnly, idsOnlyJson } from '../ids-only.ts';
import { type EventType, isDeclared } from './event-type.ts';
import { insertEvents } from './outbox.sql.ts';

export { OUTBOX_CHANNEL, Outbox, type OutboxOptions } from './dispatcher.ts';
export { declareEvent, type EventType } from './event-type.ts';

/** Emits one event in the transaction that made it true. */
export const emit = <Payload extends IdsOnly>(
  tx: Tx,
  event: EventType<Payload>,
  payload: NoInfer<Payload>,
): Promise<void> => emitAll(tx, [{ name: event.name, payload }]);

/** Emits many events in one statement, for hot paths. Every name must have been declared. */
export async function emitAll(
  tx: Tx,
  events: readonly { readonly name: string; readonly payload: IdsOnly }[],
): Promise<void> {
  await insertEvents(
    tx,
    events.map(({ name, payload }) => {
      assertInvariant(
        isDeclared(name),
        `the event ${name} is declared with declareEvent before it is emitted`,
      );
      return { id: newId(), name, json: idsOnlyJson(name, payload) };
    }),
  );
}
