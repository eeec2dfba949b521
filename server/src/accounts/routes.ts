// The routes of accounts, for http.
import type { Route } from '#platform/route';
import { type KeyRoutesOptions, keyRoutes } from './key-routes.ts';
import { workspaceRoutes } from './workspace-routes.ts';

export type AccountsRoutesOptions = KeyRoutesOptions;

export const accountsRoutes = (options: AccountsRoutesOptions): readonly Route[] => [
  ...keyRoutes(options),
  ...workspaceRoutes(options),
];
