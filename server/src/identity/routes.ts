// Every route of identity: for workspaces, and for staff.
import type { Route } from '#platform/route';
import { checkRoutes, type IdentityRoutesOptions } from './check-routes.ts';
import { reviewRoutes } from './review-routes.ts';

export const identityRoutes = (options: IdentityRoutesOptions): readonly Route[] => [
  ...checkRoutes(options),
  ...reviewRoutes(options),
];
