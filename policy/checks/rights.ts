// E-RIGHT: a right that is offered can be reached, and what the law ties to a use is offered with it.
import type { Policy } from '../model.ts';
import { channelsOf } from '../obligations/rights.ts';
import { type Channel, RIGHT_KEYS } from '../vocabulary/rights.ts';
import { type Check, type Finding, refuse } from './finding.ts';

/** Channels that are part of the product; the others need a contact of the controller. */
const BUILT_IN: readonly Channel[] = ['self_service', 'in_app'];

export const checkRights: Check = function* (policy) {
  for (const right of RIGHT_KEYS) {
    const said = policy.rights[right];
    if (!said?.offered) continue;
    const channels = channelsOf(policy, right);
    const path = said.channels ? `rights.${right}.channels` : 'rights.channels';
    if (!channels.some((channel) => reachable(policy, channel))) {
      yield refuse(
        'E-RIGHT',
        path,
        `The right of ${right} is offered, and no channel leads to it.`,
        'List a channel: self_service, in_app, or one of controller.contacts that is for privacy.',
      );
      continue;
    }
    for (const [at, channel] of channels.entries()) {
      if (reachable(policy, channel)) continue;
      yield refuse(
        'E-RIGHT',
        `${path}[${at}]`,
        `Requests may come by ${channel}, and no contact of that kind is for privacy.`,
        `Add a contact with "channel: ${channel}" and "for: [privacy]".`,
      );
    }
  }
  if (policy.rights.portability?.offered && !policy.rights.portability.formats) {
    yield refuse(
      'E-RIGHT',
      'rights.portability',
      'A portable copy has no format.',
      'Add "formats: [json, csv]".',
    );
  }
  yield* tied(policy);
  yield* california(policy);
};

function reachable(policy: Policy, channel: Channel): boolean {
  if (BUILT_IN.includes(channel)) return true;
  return policy.controller.contacts.some(
    (contact) => contact.channel === channel && contact.for.includes('privacy'),
  );
}

function* tied({ purposes, rights }: Policy): Generator<Finding> {
  const consented = Object.entries(purposes).find(([, said]) => said.basis === 'consent');
  if (consented && !rights.withdraw_consent?.offered) {
    yield refuse(
      'E-RIGHT',
      `purposes.${consented[0]}`,
      `The purpose ${consented[0]} rests on consent, and nobody can withdraw it (GDPR Art. 7(3)).`,
      'Offer rights.withdraw_consent.',
    );
  }
  if (purposes.marketing && !rights.objection?.offered) {
    yield refuse(
      'E-RIGHT',
      'purposes.marketing',
      'There is marketing, and nobody can object to it (GDPR Art. 21(2)).',
      'Offer rights.objection.',
    );
  }
}

function* california({ policy, sharing, rights, consent }: Policy): Generator<Finding> {
  if (!policy.jurisdictions.includes('us-ca-ccpa')) return;
  if (sharing.sale !== 'never' && !rights.opt_out_sale?.offered) {
    yield refuse(
      'E-RIGHT',
      'sharing.sale',
      'Data may be sold, and nobody can opt out (CCPA §1798.120).',
      'Offer rights.opt_out_sale.',
    );
  }
  if (consent.gpc !== 'honour' || consent.gpc_status !== 'show') {
    yield refuse(
      'E-RIGHT',
      'consent.gpc',
      'The signal of a browser is not honoured and shown as honoured (11 CCR §7025(c)).',
      'Write "gpc: honour" and "gpc_status: show".',
    );
  }
}
