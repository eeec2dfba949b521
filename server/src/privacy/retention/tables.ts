// The data map of retention's own tables.
import { clear, operations } from '../map/tags.ts';

/** That somebody had to keep what a workspace left: shown to courts and auditors. */
const hold = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['legal', 'audit'],
  basis: 'legal_obligation',
  retention: 'audit',
  dispose: 'erase',
});

export const retentionTables = {
  legal_hold: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { id: hold, workspace_id: hold, reason: hold, placed_at: hold, lifted_at: hold },
  },
  /** Names of keys: what was sealed under them is gone, and the row goes with the key. */
  ended_key: {
    about: 'nobody',
    columns: { key_class: operations, workspace_id: operations, day: operations },
  },
} as const;
