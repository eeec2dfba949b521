// Expected: Property 'sealedUnder' is missing
import { sealed } from '../../src/privacy/map/tags.ts';

export const tag = sealed({
  category: 'user.name',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
