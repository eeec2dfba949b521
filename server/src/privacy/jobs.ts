// The recurring work of privacy, for the runner of every worker.
import type { AnyJob } from '#platform/jobs';
import { type AuditJobsOptions, auditJobs } from './audit/jobs.ts';

export const privacyJobs = (options: AuditJobsOptions): readonly AnyJob[] => [...auditJobs(options)];
