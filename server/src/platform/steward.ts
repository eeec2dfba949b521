// What the platform keeps about whom: for two days, that a request was made and what it was answered. Everything
// else is machinery. This is data only: the platform stands below privacy, so `main/platform-steward.ts` holds it
// against the types of the data map.

/** Whose request it was, and MACs of what was asked. */
const requested = {
  protection: 'clear',
  category: 'user.unique_id.pseudonymous',
  purposes: ['service'],
  basis: 'contract',
  retention: 'request',
  dispose: 'erase',
} as const;

const machinery = { protection: 'none' } as const;
/** Ids, counts and times, checked when they are written (`ids-only.ts`); gone when the work is done. */
const ids = { protection: 'json', leaves: { '*': machinery } } as const;

export const platform = {
  schema: 'platform',
  tables: {
    idempotency: {
      about: [{ column: 'scope', leadsTo: 'workspace' }],
      columns: {
        id: machinery,
        scope: requested,
        key_mac: requested,
        request_mac: requested,
        status: machinery,
        answer: {
          protection: 'sealed',
          category: 'user.behavior.delivery_metadata',
          sealedUnder: 'content_outbound',
          purposes: ['service'],
          basis: 'contract',
          retention: 'request',
          dispose: 'shred',
        },
      },
    },
    job: {
      about: 'nobody',
      columns: {
        id: machinery,
        name: machinery,
        key: machinery,
        payload: ids,
        due_at: machinery,
        attempts: machinery,
        attempts_max: machinery,
        lease_token: machinery,
        lease_epoch: machinery,
        rerun_at: machinery,
        dead_at: machinery,
        last_error: machinery,
        created_at: machinery,
      },
    },
    outbox: {
      about: 'nobody',
      columns: { id: machinery, name: machinery, payload: ids, created_at: machinery },
    },
    partitioned: {
      about: 'nobody',
      columns: { parent: machinery, every: machinery, storage: machinery, is_protected: machinery },
    },
  },
} as const;
