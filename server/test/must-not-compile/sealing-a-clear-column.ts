// Expected: Type '"messages.message.note"' is not assignable to type
import type { SealedColumnOf } from '../../src/privacy/map/data-map.ts';
import type { messages } from './correct.ts';

export const column: SealedColumnOf<typeof messages> = 'messages.message.note';
