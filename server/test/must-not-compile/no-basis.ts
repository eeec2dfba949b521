// Expected: Property 'basis' is missing
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.device',
  purposes: ['billing'],
  retention: 'ledger',
  dispose: 'erase',
});
