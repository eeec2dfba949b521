// Obligations of `rights`, `consent` and `acceptance`.
import type { Obligation, Policy } from '../model.ts';
import { type Channel, RIGHT_KEYS, type Right } from '../vocabulary/rights.ts';

export function rightsObligations(policy: Policy): readonly Obligation[] {
  return [...rights(policy), ...consent(policy)];
}

/** The channels of a right: its own, or those of all rights. */
export const channelsOf = (policy: Policy, right: Right): readonly Channel[] =>
  policy.rights[right]?.channels ?? policy.rights.channels;

function* rights(policy: Policy): Generator<Obligation> {
  const { first_reply, respond_within, verification } = policy.rights;
  if (first_reply) {
    yield {
      kind: 'DEADLINE',
      id: 'deadline:first_reply',
      path: 'rights.first_reply',
      assurance: 'verified',
      event: 'first_reply',
      ...(first_reply.target ? { target: first_reply.target } : {}),
      within: first_reply.within,
      calendar: first_reply.calendar,
    };
  }
  yield {
    kind: 'REQUIRE',
    id: 'require:identity_check',
    path: 'rights.verification',
    assurance: 'enforced',
    capability: { type: 'identity_check', ...verification },
  };
  for (const right of RIGHT_KEYS) {
    const said = policy.rights[right];
    if (!said?.offered) continue;
    yield {
      kind: 'REQUIRE',
      id: `require:right:${right}`,
      path: `rights.${right}`,
      assurance: 'enforced',
      capability: {
        type: 'right',
        right,
        scope: said.scope,
        channels: channelsOf(policy, right),
        ...(said.formats ? { formats: said.formats } : {}),
      },
    };
    const within = said.respond_within ?? respond_within;
    if (within) {
      yield {
        kind: 'DEADLINE',
        id: `deadline:right:${right}`,
        path: said.respond_within ? `rights.${right}.respond_within` : 'rights.respond_within',
        assurance: 'verified',
        event: 'right_requested',
        right,
        within,
        calendar: 'every_day',
      };
    }
  }
}

function* consent(policy: Policy): Generator<Obligation> {
  const { explicit_for, reask_after, gpc, gpc_status } = policy.consent;
  yield {
    kind: 'REQUIRE',
    id: 'require:consent_receipts',
    path: 'consent.receipt',
    assurance: 'enforced',
    capability: { type: 'consent_receipts' },
  };
  for (const of of explicit_for) {
    yield {
      kind: 'GATE',
      id: `gate:explicit:${of}`,
      path: 'consent.explicit_for',
      assurance: 'enforced',
      condition: { type: 'explicit', of },
    };
  }
  yield {
    kind: 'DEADLINE',
    id: 'deadline:consent_reasked',
    path: 'consent.reask_after',
    assurance: 'verified',
    event: 'consent_reasked',
    within: reask_after,
    calendar: 'every_day',
  };
  if (gpc === 'honour') {
    yield {
      kind: 'REQUIRE',
      id: 'require:gpc',
      path: 'consent.gpc',
      assurance: 'enforced',
      capability: { type: 'gpc', status: gpc_status },
    };
  }
  yield {
    kind: 'REQUIRE',
    id: 'require:acceptance',
    path: 'acceptance',
    assurance: 'enforced',
    capability: { type: 'acceptance', mode: policy.acceptance.mode },
  };
}
