// Who can be reached from here against who the policy names.
import { mayExceed } from '../duration.ts';
import type { CarrierFact, EgressFact } from './facts.ts';
import { type GateContext, listed, type Objection, type Rule } from './refusal.ts';

/** E-REC-UNDECLARED, E-REC-PAYLOAD, E-PURPOSE: recipients of the egress client. */
export const egress: Rule = function* (context) {
  for (const recipient of context.facts.egress) {
    if (context.isOn(recipient.feature)) yield* oneRecipient(context, recipient);
  }
};

function* oneRecipient({ policy, isOn }: GateContext, fact: EgressFact): Generator<Objection> {
  const { name, hosts, categories, purpose, fields } = fact;
  const said = Object.hasOwn(policy.recipients, name) ? policy.recipients[name] : undefined;
  if (!said || !isOn(said.when)) {
    yield {
      code: 'E-REC-UNDECLARED',
      promise: `disclose:${name}`,
      silence: 'We share data with nobody but the recipients listed.',
      fact: said
        ? `${name} can be called, and the policy has it only with the feature ${said.when}, which is off.`
        : `${name} can be called, and the policy does not list it; fields it can be sent: ${fields.length}.`,
      waysOut: [
        'Switch off what calls it.',
        `Add recipients.${name} to the policy.`,
        'Remove the recipient from the code.',
      ],
    };
    return;
  }
  const open = said.hosts === 'customer_endpoints' ? [] : undeclaredHosts(hosts, said.hosts);
  if (open.length > 0) {
    yield {
      code: 'E-REC-UNDECLARED',
      promise: `disclose:${name}`,
      fact: `${name} can be called at ${listed(open)}, which the policy does not list.`,
      waysOut: [
        'Take the hosts out of the configuration.',
        `Add them to recipients.${name}.hosts.`,
        'Nothing has to be migrated.',
      ],
    };
  }
  const surplus = categories.filter((category) => !said.categories.includes(category));
  if (surplus.length > 0) {
    yield {
      code: 'E-REC-PAYLOAD',
      promise: `disclose:${name}`,
      fact: `Its requests can carry ${listed(surplus)}.`,
      waysOut: [
        'Switch off what sends it.',
        `Add it to recipients.${name}.categories.`,
        'Take the fields out of its declaration.',
      ],
    };
  }
  if (!said.purposes.includes(purpose)) {
    yield {
      code: 'E-PURPOSE',
      promise: `disclose:${name}`,
      fact: `It is called for ${purpose}.`,
      waysOut: [
        'Switch off what calls it.',
        `Add ${purpose} to recipients.${name}.purposes.`,
        'Correct the purpose in its declaration.',
      ],
    };
  }
}

/** A policy that names no hosts leaves them to the configuration; a profile cannot know them. */
function undeclaredHosts(hosts: EgressFact['hosts'], said: readonly string[]): readonly string[] {
  if (said.length === 0) return [];
  return hosts === 'customer_endpoints' ? ['any host'] : hosts.filter((host) => !said.includes(host));
}

/** E-REC-UNDECLARED, E-UPSTREAM-RETENTION, E-TLS: carriers, which are reached past the egress client. */
export const carriers: Rule = function* (context) {
  for (const carrier of context.facts.carriers) {
    if (!carrier.simulated) yield* oneCarrier(context, carrier);
    if (!carrier.tls && !carrier.loopback) {
      yield {
        code: 'E-TLS',
        promise: 'require:in_transit',
        fact: `The link to carrier ${carrier.id} is not, and leaves this machine.`,
        waysOut: [
          'Switch on TLS for this carrier, or reach it over a tunnel on this machine.',
          'No policy of this language promises less.',
          'Change to a carrier that offers TLS.',
        ],
      };
    }
  }
};

function* oneCarrier({ policy }: GateContext, carrier: CarrierFact): Generator<Objection> {
  const { recipient, host, upstreamRetention, redactionOn } = carrier;
  const said = Object.hasOwn(policy.recipients, recipient) ? policy.recipients[recipient] : undefined;
  if (!said) {
    yield {
      code: 'E-REC-UNDECLARED',
      promise: `disclose:${recipient}`,
      silence: 'We share data with nobody but the recipients listed.',
      fact: `Messages can go to carrier ${carrier.id}, and the policy has no recipient ${recipient}.`,
      waysOut: [
        'Remove the carrier.',
        `Add recipients.${recipient} to the policy.`,
        'Name the recipient it belongs to.',
      ],
    };
    return;
  }
  if (said.hosts !== 'customer_endpoints' && said.hosts.length > 0 && !said.hosts.includes(host)) {
    yield {
      code: 'E-REC-UNDECLARED',
      promise: `disclose:${recipient}`,
      fact: `Carrier ${carrier.id} is at ${host}, which the policy does not list.`,
      waysOut: [
        'Correct the host of the carrier.',
        `Add it to recipients.${recipient}.hosts.`,
        'Nothing has to be migrated.',
      ],
    };
  }
  if (redactionOn || !said.upstream_retention) return;
  const longer = upstreamRetention === undefined || mayExceed(upstreamRetention, said.upstream_retention);
  if (!longer) return;
  yield {
    code: 'E-UPSTREAM-RETENTION',
    promise: `bound:upstream:${recipient}`,
    fact:
      upstreamRetention === undefined
        ? `Nothing says how long carrier ${carrier.id} keeps content, and its redaction is not on.`
        : `Carrier ${carrier.id} keeps content for ${upstreamRetention}, and its redaction is not on.`,
    waysOut: [
      'Switch on redaction at the carrier, and let the probe see it.',
      `Write what is true in recipients.${recipient}.upstream_retention.`,
      'Send over another carrier.',
    ],
  };
}
