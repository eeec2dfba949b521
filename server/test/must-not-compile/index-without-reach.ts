// Expected: Property 'comparesWithin' is missing
import { indexed } from '../../src/privacy/map/tags.ts';

export const tag = indexed({
  category: 'user.contact.email',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
