// Every route of abuse.
export { type AppealRoutesOptions, appealRoutes } from './appeals/routes.ts';
