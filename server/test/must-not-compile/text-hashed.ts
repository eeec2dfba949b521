// Expected: Type '"user.content.private.sms_body"' is not assignable to type 'CategoryAllowedHashed'
import { hashed } from '../../src/privacy/map/tags.ts';

export const tag = hashed({
  category: 'user.content.private.sms_body',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'erase',
});
