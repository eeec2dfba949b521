// `sotto audit`: whether the audit trail is what was recorded.
import type { Command } from 'commander';
import type { NotedHead, Verification } from '#privacy/audit';
import { answer, EXIT_FAILED, type OutputOptions, type Shell, UsageFault } from '../shell.ts';

interface VerifyOptions extends OutputOptions {
  readonly head?: string;
  readonly fromSegment?: string;
  readonly toSegment?: string;
}

export function addAudit(program: Command, shell: Shell): void {
  const audit = program.command('audit').description('the audit trail, which nobody can change unseen');
  audit
    .command('verify')
    .description('check every link and every signed head, and name the first that is broken')
    .option('--head <seq:hash>', 'a head noted earlier, which the trail must contain')
    .option('--from-segment <number>', 'check from here only')
    .option('--to-segment <number>', 'check up to here only')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Runs beside a server and changes nothing. Ends with exit code 1 when the trail is broken.
Note the head it prints somewhere else, and give it the next time: only then is it seen that the whole trail was put
back to an earlier state.`,
    )
    .action(async (options: VerifyOptions) => {
      const range = rangeOf(options);
      const [{ verifyAudit }, { onGroundUnderPolicy }] = await Promise.all([
        import('#privacy/audit'),
        import('../on-ground.ts'),
      ]);
      const { checked, keys } = await onGroundUnderPolicy(shell.readConfig(), async ({ db, keyring }) => ({
        checked: await verifyAudit(db, keyring, range),
        keys: keyring.signingKeys(),
      }));
      const { encodeId } = await import('@sotto/contract');
      const shown = shownCheck(checked, (id) => encodeId('aud', id));
      const signing_keys = keys.map(({ epoch, publicKey }) => ({
        epoch,
        public_key: publicKey.toString('base64url'),
      }));
      answer(shell, options, { ...shown, signing_keys }, linesOf(shown));
      if (checked.firstBreak !== null) shell.setExitCode(EXIT_FAILED);
    });
}

function rangeOf(options: VerifyOptions): Parameters<typeof import('#privacy/audit').verifyAudit>[2] {
  const { head, fromSegment, toSegment } = options;
  const isPart = fromSegment !== undefined || toSegment !== undefined;
  if (head !== undefined && isPart)
    throw new UsageFault('--head is for the whole trail, not for a part of it');
  return {
    ...(head === undefined ? {} : { expected: headOf(head) }),
    ...(fromSegment === undefined ? {} : { fromSegment: segmentOf('--from-segment', fromSegment) }),
    ...(toSegment === undefined ? {} : { toSegment: segmentOf('--to-segment', toSegment) }),
  };
}

function headOf(text: string): NotedHead {
  const match = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text);
  if (match === null) throw new UsageFault('--head must be a head this command printed: number:64 digits');
  return { seq: BigInt(match[1]!), hash: match[2]! };
}

function segmentOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageFault(`${option} must be a number from 1`);
  return Number(text);
}

const shownCheck = ({ firstBreak, head, ...counts }: Verification, idOf: (entryId: string) => string) => ({
  intact: firstBreak === null,
  segments: counts.segments,
  pruned_segments: counts.prunedSegments,
  links: counts.links,
  head: head === null ? null : `${head.seq}:${head.hash}`,
  first_break:
    firstBreak === null
      ? null
      : {
          kind: firstBreak.kind,
          found: firstBreak.found,
          segment: firstBreak.segment,
          sequence: firstBreak.seq?.toString() ?? null,
          entry_id: firstBreak.entryId === null ? null : idOf(firstBreak.entryId),
        },
});

function linesOf({ first_break: found, ...shown }: ReturnType<typeof shownCheck>): string[] {
  const read = `${shown.links} entries were checked, of ${shown.segments} segments; of ${shown.pruned_segments} retention has left the signed head alone.`;
  if (found === null)
    return [`The trail is whole. ${read}`, `Head: ${shown.head ?? 'nothing is sealed yet'}`];
  const place = [
    found.segment === null ? null : `segment ${found.segment}`,
    found.sequence === null ? null : `place ${found.sequence}`,
    found.entry_id,
  ].filter((part) => part !== null);
  return [
    `The trail is broken (${found.kind}): ${found.found}`,
    `At ${place.join(', ') || 'no place'}. ${read}`,
  ];
}
