// The routes of accounts, for http.
import type { Route } from '#platform/route';
import { accountRoutes } from './account-routes.ts';
import { type AgreementRoutesOptions, agreementRoutes } from './agreements/routes.ts';
import { factorRoutes } from './factors/factor-routes.ts';
import { staffRoutes } from './factors/staff-routes.ts';
import { type KeyRoutesOptions, keyRoutes } from './key-routes.ts';
import { type MemberRoutesOptions, memberRoutes } from './members/routes.ts';
import { emailRoutes } from './sign-in/email-routes.ts';
import { type SignInParts, signInRoutes } from './sign-in/routes.ts';
import { type WorkspaceRoutesOptions, workspaceRoutes } from './workspace-routes.ts';

export type AccountsRoutesOptions = KeyRoutesOptions &
  WorkspaceRoutesOptions &
  SignInParts &
  MemberRoutesOptions &
  AgreementRoutesOptions;

export const accountsRoutes = (options: AccountsRoutesOptions): readonly Route[] => [
  ...keyRoutes(options),
  ...workspaceRoutes(options),
  ...signInRoutes(options),
  ...accountRoutes(options),
  ...emailRoutes(options),
  ...factorRoutes(options),
  ...staffRoutes(options),
  ...memberRoutes(options),
  ...agreementRoutes(options),
];
