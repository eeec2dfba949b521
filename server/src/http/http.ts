// The face of http.
export { ADMIN_SCOPE } from './idempotency.ts';
export { type JobRoutesOptions, jobRoutes } from './job-routes.ts';
export { linkPages } from './link-pages.ts';
export { createHttpServer, type EdgeUse, type HttpOptions, type HttpServer } from './server.ts';
export { type ServiceRoutesOptions, serviceRoutes } from './service-routes.ts';
