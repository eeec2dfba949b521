// The routes of privacy, for http.
import type { Database } from '#platform/database';
import type { Route } from '#platform/route';
import { auditRoutes } from './audit/routes.ts';

export interface PrivacyRoutesOptions {
  readonly db: Database;
}

export const privacyRoutes = (options: PrivacyRoutesOptions): readonly Route[] => [...auditRoutes(options)];
