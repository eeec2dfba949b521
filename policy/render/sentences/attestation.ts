// What people state and no program can see, in words: who states it and when it was last confirmed, never more.
import type { AttestObligation, IsoDate, Obligation } from '../../model.ts';
import { foreign } from '../foreign-text.ts';
import type { Voice } from '../voice.ts';

export function attestationSentence(obligation: AttestObligation, voice: Voice): string {
  const { sentences, words } = voice.speech;
  const { what } = obligation;
  const confirmation = confirmationOf(obligation.last, obligation.expires, voice);
  switch (what.type) {
    case 'control':
      return sentences.attestedControl(words.controls[what.control], foreign(what.owner), confirmation);
    case 'contract':
      return sentences.attestedContract(voice.nameOf(what.recipient), foreign(what.ref), confirmation);
    case 'transfer': {
      const mechanism = words.mechanisms[what.mechanism];
      return sentences.attestedTransfer(voice.nameOf(what.recipient), mechanism, confirmation);
    }
  }
}

/**
 * The sentence of any other obligation that only people stand behind. What a recipient does was last confirmed with
 * its contract; everything else with the publication of this version.
 */
export function asStated(sentence: string, obligation: Obligation, voice: Voice): string {
  const { policy, speech } = voice;
  const upstream =
    obligation.kind === 'BOUND' && obligation.what.type === 'upstream' ? obligation.what : undefined;
  const contract = upstream && voice.recipient(upstream.recipient)?.dpa;
  const last = upstream ? contract?.signed : policy.policy.effective;
  return speech.sentences.attested(sentence, confirmationOf(last, contract?.expires, voice));
}

function confirmationOf(last: IsoDate | undefined, expires: IsoDate | undefined, voice: Voice): string {
  return voice.speech.sentences.confirmation({
    last: last ? voice.date(last) : '',
    expires: expires ? voice.date(expires) : '',
    expired: expires !== undefined && expires <= voice.today,
  });
}
