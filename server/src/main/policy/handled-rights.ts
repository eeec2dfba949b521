// Rights of data subjects that code of this release answers.
import type { Right } from '@sotto/policy/vocabulary/rights';

export const HANDLED_RIGHTS: readonly Right[] = [];
