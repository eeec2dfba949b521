// Facts of an installation that keeps the standard policy, to be broken in one place.
import type { ColumnFact, Facts } from '../gate/facts.ts';
import type { Policy } from '../model.ts';
import { boundOf } from '../obligations/messages.ts';
import { FEATURE_KEYS } from '../vocabulary/features.ts';
import { RETENTION_KEY_NAMES } from '../vocabulary/retention.ts';
import { RIGHT_KEYS } from '../vocabulary/rights.ts';

export const column = (over: Partial<ColumnFact> = {}): ColumnFact => ({
  table: 'accounts.account',
  column: 'name',
  category: 'user.name',
  purposes: ['service', 'support'],
  basis: 'contract',
  retention: 'account',
  dispose: 'shred',
  protection: 'sealed',
  sealedUnder: 'identity',
  ...over,
});

/** One column for every category that a policy holds, with a tag as the policy wants it. */
export function columnsOf(policy: Policy): readonly ColumnFact[] {
  return Object.entries(policy.data).flatMap(([category, said]) => {
    if (said.collect === 'never') return [];
    const key = said.retention[0]!;
    const shredded = ['erase', 'shred'].includes(policy.retention[key]?.then ?? '');
    return [
      column({
        table: 'any.thing',
        column: category.replaceAll('.', '_'),
        category: category as ColumnFact['category'],
        purposes: said.purposes,
        basis: said.basis,
        retention: key,
        dispose: shredded ? 'shred' : 'anonymise',
        sealedUnder: 'content_outbound',
      }),
    ];
  });
}

export function keeping(policy: Policy): Facts {
  const { inbound, outbound } = policy.messages;
  const stored = (body: typeof inbound.body) =>
    body.store === 'none' ? undefined : (body.ceiling ?? body.store);
  const [into, out] = [stored(inbound.body), stored(outbound.body)];
  return {
    today: '2026-11-26',
    columns: columnsOf(policy),
    egress: Object.entries(policy.recipients).map(([name, said]) => ({
      name,
      purpose: said.purposes[0]!,
      hosts: said.hosts,
      fields: ['to'],
      categories: said.categories,
    })),
    carriers: [
      {
        id: 'one',
        recipient: Object.keys(policy.recipients).includes('carrier')
          ? 'carrier'
          : Object.keys(policy.recipients)[0]!,
        host: 'smpp.example.com',
        tls: true,
        loopback: false,
        simulated: false,
        upstreamRetention: 'P30D',
        redactionOn: true,
      },
    ],
    config: {
      mode: 'production',
      publicUrlHttps: true,
      databaseTls: true,
      databaseLoopback: false,
      keysInsideBackup: false,
      databaseBackupMaxAge: policy.backups.max_age,
      keyBackupMaxAge: policy.backups.key_max_age,
      retention: Object.fromEntries(
        RETENTION_KEY_NAMES.flatMap((key) => {
          const rule = policy.retention[key];
          return rule ? [[key, boundOf(rule).duration]] : [];
        }),
      ),
      contentStored: { ...(into ? { inbound: into } : {}), ...(out ? { outbound: out } : {}) },
      logBodies: false,
      cookies: policy.cookies.list,
      trackers: policy.cookies.trackers.map(({ name }) => name),
      age: { minAge: policy.audience.min_age, gate: policy.audience.gate },
      features: Object.fromEntries(FEATURE_KEYS.map((feature) => [feature, true])),
    },
    rightsHandled: RIGHT_KEYS,
    schema: { unknownColumns: [], missingColumns: [] },
  };
}
