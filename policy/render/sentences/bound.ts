// How long things last, in words. What is kept is kept by us; recipients are named beside it.
import type { Bound } from '../../model.ts';
import { foreign } from '../foreign-text.ts';
import type { Voice } from '../voice.ts';

export function boundSentence(bound: Bound, voice: Voice): string {
  const { sentences, words } = voice.speech;
  const { what } = bound;
  const duration = voice.duration(bound.duration);
  const until = bound.until ? words.events[bound.until] : '';
  const limit = sentences.limit(duration, words.events[bound.from], until);
  switch (what.type) {
    case 'retention':
      return sentences.retention({
        subject: words.retentionKeys[what.key],
        limit,
        then: words.disposals[bound.then],
        categories: voice.categories(what.categories),
        hold: voice.policy.retention[what.key]?.hold === 'legal_hold',
      });
    case 'body':
      return sentences.bodyKept(what.direction, limit);
    case 'metadata':
      return sentences.recordKept(what.direction, limit);
    case 'counterparty':
      return sentences.counterpartyKept(what.direction, limit, what.index !== 'none');
    case 'inactivity': {
      const notices = voice.policy.account.inactivity.notify.map((before) => voice.duration(before));
      return sentences.inactivity(duration, voice.list(notices), words.disposals[bound.then]);
    }
    case 'backup':
      return sentences.backup(duration);
    case 'key_backup':
      return sentences.keyBackup(duration);
    case 'cookie':
      return sentences.cookieEnds(foreign(what.name), duration);
    case 'upstream': {
      const mode = voice.recipient(what.recipient)?.redaction?.mode ?? 'none';
      return sentences.recipientKeeps(voice.nameOf(what.recipient), duration, mode !== 'none');
    }
  }
}
