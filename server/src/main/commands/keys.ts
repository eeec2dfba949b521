// `sotto keys`: API keys, for an operator on the machine. This is how a workspace gets its first one.

import type { Scope } from '@sotto/contract/scopes';
import type { Command } from 'commander';
import type { ApiKey, KeyKind } from '#accounts';
import { AppError, Refusal } from '#platform/errors';
import { answer, columns, type OutputOptions, type Shell, UsageFault } from '../shell.ts';
import { uuidOf } from './ids.ts';

const PAGE = 200;

interface OwnerOptions extends OutputOptions {
  readonly workspace?: string;
  readonly admin?: true;
}

interface CreateOptions extends OwnerOptions {
  readonly name: string;
  readonly kind: string;
  readonly scope?: string[];
  readonly network?: string[];
  readonly expires?: string;
}

export function addKeys(program: Command, shell: Shell): void {
  const keys = program.command('keys').description('API keys of a workspace, and of administrators');
  addOwner(keys.command('list'))
    .description(`the ${PAGE} newest, revoked and expired ones included`)
    .action((options: OwnerOptions) => list(shell, options));
  keys
    .command('create')
    .description('make a key of a workspace, shown this once')
    .option('--workspace <id>', 'wrk_... (development: the demo workspace)')
    .option('--name <name>', 'what it is for', 'Made on the command line')
    .option('--kind <kind>', 'live, or test: never reaches a carrier, never charges', 'live')
    .option('--scope <scope...>', 'what it may do; may be given several times (left out: all but keys:write)')
    .option('--network <network...>', 'addresses or blocks it may be used from (left out: anywhere)')
    .option('--expires <time>', 'when it stops working, such as 2027-01-01T00:00:00Z (left out: never)')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Scopes: messages:send, messages:read, messages:erase, inbound:read, opt_outs:read, opt_outs:write, consents:read,
consents:write, wallet:read, keys:read, keys:write.
An administrator gets a key by \`sotto admin create\`.

Example:
  sotto keys create --workspace wrk_01jd3rh8e7fv2r0kqvw4m9xt5c --name shop --scope messages:send messages:read`,
    )
    .action((options: CreateOptions) => create(shell, options));
  addOwner(keys.command('revoke').argument('<key>', 'its id, key_...'))
    .description('end a key for good; servers follow within two seconds')
    .action((id: string, options: OwnerOptions) => revoke(shell, id, options));
}

const addOwner = (command: Command) =>
  command
    .option('--workspace <id>', 'whose, wrk_... (development: the demo workspace)')
    .option('--admin', "administrators' keys")
    .option('--json', 'answer in JSON');

/** The workspace's row id; null for administrators. */
async function ownerOf(shell: Shell, { workspace, admin }: OwnerOptions): Promise<string | null> {
  if (workspace !== undefined && admin) throw new UsageFault('--workspace and --admin exclude each other');
  if (admin) return null;
  if (workspace !== undefined) return uuidOf('wrk', workspace);
  const { devCredentials } = await import('../dev-credentials.ts');
  const demo = devCredentials(shell.readConfig());
  if (demo === null) throw new UsageFault('whose? Give --workspace wrk_... or --admin');
  return uuidOf('wrk', demo.workspace_id);
}

async function list(shell: Shell, options: OwnerOptions): Promise<void> {
  const owner = await ownerOf(shell, options);
  const { encodeId, listAdminKeys, listKeys, onGroundUnderPolicy } = await tools();
  const page = { before: null, limit: PAGE };
  const found = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
    owner === null ? db.batch((tx) => listAdminKeys(tx, keyring, page)) : listKeys(db, keyring, owner, page),
  );
  const shown = found.map((key) => shownKey(key, encodeId('key', key.id)));
  answer(
    shell,
    options,
    { data: shown },
    columns(
      ['id', 'key', 'state', 'last used', 'name'],
      shown.map((key) => [
        key.id,
        `${key.prefix}...${key.last_four}`,
        key.revoked_at !== null ? 'revoked' : key.expires_at !== null ? `until ${key.expires_at}` : 'living',
        key.last_used_at?.slice(0, 16) ?? 'never',
        key.name ?? '(erased)',
      ]),
      'There is no key.',
    ),
  );
}

async function create(shell: Shell, options: CreateOptions): Promise<void> {
  const owner = await ownerOf(shell, options);
  const { createKey, encodeId, grantableScopes, isWorkspaceOpen, onGroundUnderPolicy, workspaceScopes } =
    await tools();
  if (options.kind !== 'live' && options.kind !== 'test') throw new UsageFault('--kind must be live or test');
  const possible: readonly string[] = workspaceScopes;
  const wrong = options.scope?.find((scope) => !possible.includes(scope));
  if (wrong !== undefined) throw new UsageFault(`--scope takes ${possible.join(', ')}`);
  const expiresAt = options.expires === undefined ? null : instantOf(options.expires);
  const scopes = options.scope as Scope[] | undefined;
  const created = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
    db.batch(async (tx) => {
      if (owner !== null && !(await isWorkspaceOpen(tx, owner)))
        throw new AppError('not_found', { detail: 'There is no such workspace, or it is closed.' });
      return createKey(tx, keyring, 'operator', {
        workspaceId: owner,
        kind: options.kind as KeyKind,
        name: options.name,
        scopes: scopes ?? grantableScopes.filter((scope) => possible.includes(scope)),
        networks: options.network ?? [],
        expiresAt,
      });
    }),
  );
  if (created.outcome === 'refused') throw new UsageFault(REASONS[created.reason] ?? created.reason);
  const id = encodeId('key', created.key.id);
  answer(shell, options, { ...shownKey(created.key, id), key: created.token }, created.token);
  if (!options.json) shell.note(`${id}: this key is shown once.`);
}

async function revoke(shell: Shell, given: string, options: OwnerOptions): Promise<void> {
  const keyId = uuidOf('key', given);
  const owner = await ownerOf(shell, options);
  const [{ onGroundUnderPolicy, revokeKey }, { OPERATOR }] = await Promise.all([
    tools(),
    import('#privacy/audit'),
  ]);
  const revoked = await onGroundUnderPolicy(shell.readConfig(), ({ db, keyring }) =>
    db.batch((tx) => revokeKey(tx, keyring, owner, keyId, OPERATOR)),
  );
  if (revoked === null) {
    throw new Refusal(`There is no key ${given} there.`, ['see which there are: sotto keys list']);
  }
  answer(shell, options, shownKey(revoked, given), `${given} is revoked.`);
}

/** Reasons that options can cause; the others are about keys that create keys. */
const REASONS: Readonly<Record<string, string>> = {
  no_scope: '--scope: a key has a scope, or it could do nothing',
  network_malformed: '--network takes addresses and blocks, such as 192.0.2.0/24',
  already_expired: '--expires lies in the past',
};

function instantOf(text: string): Date {
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T.*Z$/.test(text) || Number.isNaN(at.getTime()))
    throw new UsageFault('--expires must be a time in UTC, such as 2027-01-01T00:00:00Z');
  return at;
}

const shownKey = (key: ApiKey, id: string) => ({
  id,
  name: key.name,
  kind: key.kind,
  prefix: key.prefix,
  last_four: key.lastFour,
  scopes: key.scopes,
  networks: key.networks,
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  created_at: key.createdAt.toISOString(),
});

async function tools() {
  const [accounts, contract, { onGroundUnderPolicy }] = await Promise.all([
    import('#accounts'),
    import('@sotto/contract'),
    import('../on-ground.ts'),
  ]);
  return { ...accounts, ...contract, onGroundUnderPolicy };
}
