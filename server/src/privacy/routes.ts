// The routes of privacy, for http.
import type { Route } from '#platform/route';
import { auditRoutes } from './audit/routes.ts';
import { type ConsentRoutesOptions, consentRoutes } from './consent/routes.ts';
import { type SuppressionRoutesOptions, suppressionRoutes } from './suppressions/routes.ts';

export type PrivacyRoutesOptions = ConsentRoutesOptions & SuppressionRoutesOptions;

export const privacyRoutes = (options: PrivacyRoutesOptions): readonly Route[] => [
  ...suppressionRoutes(options),
  ...consentRoutes(options),
  ...auditRoutes(options),
];
