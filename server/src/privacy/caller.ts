// What the routes of privacy need of a caller: whoever calls is known to contexts above.
import type { AuditedCaller } from './audit/entry.ts';

/** A key of a workspace. */
export interface WorkspaceCaller extends AuditedCaller {
  readonly workspaceId: string;
}
