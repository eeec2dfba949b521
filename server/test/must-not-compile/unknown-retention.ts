// Expected: Type '"forever"' is not assignable to type 'RetentionKey'
import { clear } from '../../src/privacy/map/tags.ts';

export const tag = clear({
  category: 'user.device',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'forever',
  dispose: 'erase',
});
