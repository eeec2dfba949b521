// Published policies in the data map: the operator's own words, about nobody.
import { operations } from '../map/tags.ts';

export const policyVersionTables = {
  policy_version: {
    about: 'nobody',
    columns: {
      id: operations,
      hash: operations,
      name: operations,
      version: operations,
      effective: operations,
      canonical: operations,
      material: operations,
      published_at: operations,
    },
  },
} as const;
