// Obligations towards the outside: recipients, sharing, transfers. The egress client enforces who gets what; what
// they do with it afterwards is attested.
import type { Obligation, Policy, RecipientStatement } from '../model.ts';

export function recipientObligations(policy: Policy): readonly Obligation[] {
  return [
    ...Object.entries(policy.recipients)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, recipient]) => [...oneRecipient(key, recipient)]),
    ...sharing(policy),
    ...transfers(policy),
  ];
}

function* oneRecipient(key: string, recipient: RecipientStatement): Generator<Obligation> {
  const path = `recipients.${key}`;
  const {
    name,
    role,
    purposes,
    categories,
    country,
    transfer,
    dpa,
    upstream_retention,
    redaction,
    when,
    hosts,
  } = recipient;
  yield {
    kind: 'DISCLOSE',
    id: `disclose:${key}`,
    path,
    assurance: 'enforced',
    recipient: key,
    name,
    role,
    purposes,
    categories,
    country,
    ...(transfer ? { transfer } : {}),
    hosts,
    ...(redaction ? { redaction: redaction.mode } : {}),
    ...(when ? { when } : {}),
  };
  if (when) {
    yield {
      kind: 'GATE',
      id: `gate:recipient:${key}`,
      path: `${path}.when`,
      assurance: 'enforced',
      condition: { type: 'feature', feature: when, recipient: key },
    };
  }
  if (dpa) {
    yield {
      kind: 'ATTEST',
      id: `attest:contract:${key}`,
      path: `${path}.dpa`,
      assurance: 'attested',
      what: { type: 'contract', recipient: key, ref: dpa.ref },
      ...(dpa.signed ? { last: dpa.signed } : {}),
      ...(dpa.expires ? { expires: dpa.expires } : {}),
    };
  }
  if (transfer) {
    yield {
      kind: 'ATTEST',
      id: `attest:transfer:${key}`,
      path: `${path}.transfer`,
      assurance: 'attested',
      what: { type: 'transfer', recipient: key, mechanism: transfer },
      ...(dpa?.signed ? { last: dpa.signed } : {}),
      ...(dpa?.expires ? { expires: dpa.expires } : {}),
    };
  }
  if (upstream_retention) {
    yield {
      kind: 'BOUND',
      id: `bound:upstream:${key}`,
      path: `${path}.upstream_retention`,
      assurance: redaction?.verified ? 'verified' : 'attested',
      what: { type: 'upstream', recipient: key },
      duration: upstream_retention,
      from: 'created',
      then: 'erase',
    };
  }
}

function* sharing({
  sharing: { sale, sale_scope, advertising, authorities, exceptions },
}: Policy): Generator<Obligation> {
  yield sale === 'never'
    ? {
        kind: 'PROHIBIT',
        id: 'prohibit:sale',
        path: 'sharing.sale',
        assurance: 'enforced',
        what: { type: 'sale', scope: sale_scope },
      }
    : {
        kind: 'GATE',
        id: 'gate:sale',
        path: 'sharing.sale',
        assurance: 'enforced',
        condition: { type: 'sale', mode: sale, scope: sale_scope },
      };
  yield advertising === 'never'
    ? {
        kind: 'PROHIBIT',
        id: 'prohibit:advertising',
        path: 'sharing.advertising',
        assurance: 'enforced',
        what: { type: 'advertising' },
      }
    : {
        kind: 'GATE',
        id: 'gate:advertising',
        path: 'sharing.advertising',
        assurance: 'enforced',
        condition: { type: 'advertising' },
      };
  if (authorities.register) {
    yield {
      kind: 'REQUIRE',
      id: 'require:legal_request_register',
      path: 'sharing.authorities',
      assurance: 'enforced',
      capability: {
        type: 'legal_request_register',
        approval: authorities.approval,
        basis: authorities.basis,
      },
    };
  }
  for (const [at, exception] of exceptions.entries()) {
    yield {
      kind: 'REQUIRE',
      id: `require:exception:${exception.when}`,
      path: `sharing.exceptions[${at}]`,
      assurance: 'enforced',
      capability: { type: 'sharing_exception', exception },
    };
  }
}

function* transfers({ transfers: { allowed, mechanism, encrypted } }: Policy): Generator<Obligation> {
  yield {
    kind: 'LIMIT',
    id: 'limit:transfers',
    path: 'transfers',
    assurance: 'enforced',
    what: { type: 'transfers', countries: allowed, mechanisms: mechanism, encrypted },
    purposes: [],
  };
}
