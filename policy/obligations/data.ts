// Obligations of the sections that say who, what and why.
import type { Obligation, Policy } from '../model.ts';
import { CATEGORY_KEYS } from '../vocabulary/categories.ts';
import { PURPOSE_KEYS } from '../vocabulary/purposes.ts';

export function dataObligations(policy: Policy): readonly Obligation[] {
  return [...heading(policy), ...audience(policy), ...categories(policy), ...purposes(policy)];
}

function* heading(policy: Policy): Generator<Obligation> {
  const { jurisdictions, languages } = policy.policy;
  yield {
    kind: 'REQUIRE',
    id: 'require:controller',
    path: 'controller',
    assurance: 'attested',
    capability: { type: 'controller' },
  };
  yield {
    kind: 'REQUIRE',
    id: 'require:jurisdictions',
    path: 'policy.jurisdictions',
    assurance: 'enforced',
    capability: { type: 'jurisdictions', jurisdictions },
  };
  yield {
    kind: 'REQUIRE',
    id: 'require:languages',
    path: 'policy.languages',
    assurance: 'enforced',
    capability: { type: 'languages', languages },
  };
  yield {
    kind: 'REQUIRE',
    id: 'require:subjects',
    path: 'subjects',
    assurance: 'enforced',
    capability: { type: 'subjects', subjects: policy.subjects },
  };
}

function* audience({ audience: { min_age, gate, on_discovery } }: Policy): Generator<Obligation> {
  if (min_age > 0) {
    yield {
      kind: 'GATE',
      id: 'gate:age',
      path: 'audience',
      assurance: 'enforced',
      condition: { type: 'age', min_age, gate },
    };
  }
  if (on_discovery) {
    yield {
      kind: 'DEADLINE',
      id: 'deadline:child_discovered',
      path: 'audience.on_discovery',
      assurance: 'verified',
      event: 'child_discovered',
      action: on_discovery.action,
      within: on_discovery.within,
      calendar: 'every_day',
    };
  }
}

function* categories(policy: Policy): Generator<Obligation> {
  for (const category of CATEGORY_KEYS) {
    const said = policy.data[category];
    if (!said) continue;
    const path = `data.${category}`;
    if (said.collect === 'never') {
      yield {
        kind: 'PROHIBIT',
        id: `prohibit:${category}`,
        path,
        assurance: 'enforced',
        what: { type: 'category', category },
      };
    } else {
      const { collect, basis, interest, retention, visible_to } = said;
      yield {
        kind: 'LIMIT',
        id: `limit:${category}`,
        path,
        assurance: 'enforced',
        what: {
          type: 'category',
          category,
          collect,
          basis,
          ...(interest ? { interest } : {}),
          retention,
          visible_to,
        },
        purposes: said.purposes,
      };
    }
  }
}

function* purposes(policy: Policy): Generator<Obligation> {
  for (const purpose of PURPOSE_KEYS) {
    const said = policy.purposes[purpose];
    if (!said) continue;
    yield {
      kind: 'LIMIT',
      id: `limit:purpose:${purpose}`,
      path: `purposes.${purpose}`,
      assurance: 'enforced',
      what: {
        type: 'purpose',
        purpose,
        basis: said.basis,
        ...(said.interest ? { interest: said.interest } : {}),
      },
      purposes: [purpose],
    };
    if (said.consent) {
      yield {
        kind: 'GATE',
        id: `gate:consent:${purpose}`,
        path: `purposes.${purpose}.consent`,
        assurance: 'enforced',
        condition: { type: 'consent', purpose, features: said.feature_gate },
      };
    }
  }
}
