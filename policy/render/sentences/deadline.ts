// What is done by when, in words.
import type { Deadline } from '../../model.ts';
import type { Voice } from '../voice.ts';

export function deadlineSentence({ event, right, within, calendar }: Deadline, voice: Voice): string {
  const { sentences, words } = voice.speech;
  const duration = voice.duration(within);
  const businessDays = calendar === 'business_days';
  switch (event) {
    case 'right_requested':
      return sentences.rightWithin(right ? words.requests[right] : '', duration, businessDays);
    case 'first_reply': {
      const target = voice.policy.rights.first_reply?.target;
      return sentences.firstReply(duration, target ? voice.duration(target) : '', businessDays);
    }
    case 'deletion_requested':
      return sentences.deletionWithin(duration);
    case 'child_discovered':
      return sentences.childDiscovered(voice.policy.audience.on_discovery?.action ?? 'erase', duration);
    case 'breach_known':
      return sentences.breachWithin(duration);
    case 'material_change':
      return sentences.materialChange(duration);
    case 'probe_run':
      return sentences.probes(duration);
    case 'backup_drill':
      return sentences.backupDrill(duration);
    case 'subscription_cancelled':
      return sentences.cancelBefore(duration);
    case 'consent_reasked':
      return sentences.consentReasked(duration);
  }
}
