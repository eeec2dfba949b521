// The face of http.
export { ADMIN_SCOPE } from './idempotency.ts';
export { createHttpServer, type HttpOptions, type HttpServer } from './server.ts';
