// E-ATTEST: what people vouch for, somebody has vouched for, and lately.
import { dayAfter } from '../obligations/day-after.ts';
import { type Check, lapse, refuse } from './finding.ts';

export const checkAttestations: Check = function* (policy, { now }) {
  const seen = new Set<string>();
  for (const [at, { control, last, every }] of policy.security.attestations.entries()) {
    const path = `security.attestations[${at}]`;
    const what = control.replaceAll('_', ' ');
    if (seen.has(control)) {
      yield refuse('E-CONTRADICTION', path, `The control "${what}" is attested twice.`, 'Keep one entry.');
    }
    seen.add(control);
    if (!last) {
      yield lapse(
        'E-ATTEST',
        path,
        `Nobody has attested the control "${what}".`,
        'Add "last": the day it was confirmed.',
      );
    } else if (last > now) {
      yield lapse(
        'E-ATTEST',
        path,
        `The control "${what}" is attested for a day to come.`,
        'Write the day it was confirmed.',
      );
    } else if (dayAfter(last, every) < now) {
      yield lapse(
        'E-ATTEST',
        path,
        `The control "${what}" was last confirmed on ${last}, and has to be every ${every}.`,
        'Confirm it again, and write the day.',
      );
    }
  }
};
