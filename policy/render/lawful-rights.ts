// Rights that a body of law gives whatever a policy says of them. The page adds those the policy does not offer: a
// policy may promise more than the law, never less.
import type { Policy } from '../model.ts';
import type { Jurisdiction } from '../vocabulary/jurisdictions.ts';
import { RIGHT_KEYS, RIGHTS, type Right } from '../vocabulary/rights.ts';

type Articles = { readonly [R in Right]?: string };

const OF_GDPR: Articles = {
  information: RIGHTS.information,
  access: RIGHTS.access,
  rectification: RIGHTS.rectification,
  erasure: RIGHTS.erasure,
  restriction: RIGHTS.restriction,
  portability: RIGHTS.portability,
  objection: RIGHTS.objection,
  withdraw_consent: RIGHTS.withdraw_consent,
  complaint: RIGHTS.complaint,
  automated_decision: RIGHTS.automated_decision,
};

const ARTICLES: Readonly<Record<Jurisdiction, Articles>> = {
  'eu-gdpr': OF_GDPR,
  'uk-gdpr': Object.fromEntries(Object.entries(OF_GDPR).map(([right, article]) => [right, `UK ${article}`])),
  // California Civil Code.
  'us-ca-ccpa': {
    information: 'CCPA §1798.110',
    access: 'CCPA §1798.110',
    rectification: 'CCPA §1798.106',
    erasure: 'CCPA §1798.105',
    portability: 'CCPA §1798.130(a)(3)',
    opt_out_sale: RIGHTS.opt_out_sale,
    non_discrimination: RIGHTS.non_discrimination,
  },
  // Personal Data Protection Law of Saudi Arabia (Royal Decree M/19, amended by M/148).
  'sa-pdpl': {
    information: 'PDPL Art. 4(1)',
    access: 'PDPL Art. 4(2)',
    portability: 'PDPL Art. 4(3)',
    rectification: 'PDPL Art. 4(4)',
    erasure: 'PDPL Art. 4(5)',
    withdraw_consent: 'PDPL Art. 5(2)',
    complaint: 'PDPL Art. 34',
  },
  generic: {},
};

export interface LawfulRight {
  readonly right: Right;
  /** Where it stands, one entry a body of law. */
  readonly articles: readonly string[];
}

/** Rights that the policy's jurisdictions give and the policy does not offer, or offers for marketing alone. */
export function lawfulRights(policy: Policy): LawfulRight[] {
  return RIGHT_KEYS.flatMap((right) => {
    const said = policy.rights[right];
    if (said?.offered && said.scope !== 'marketing') return [];
    const articles = policy.policy.jurisdictions.flatMap((law) => ARTICLES[law][right] ?? []);
    return articles.length > 0 ? [{ right, articles }] : [];
  });
}
