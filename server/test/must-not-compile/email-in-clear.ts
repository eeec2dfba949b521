// Expected: Type '"user.contact.email"' is not assignable to type 'CategoryAllowedInClear'
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.contact.email',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
