// `sotto doctor`: looks at everything a start assumes and says what to do about what it finds.
import type { Config } from './config.ts';
import { databaseFindings } from './doctor/database-checks.ts';
import type { Finding } from './doctor/finding.ts';
import { machineFindings } from './doctor/machine-checks.ts';

export { archivingFindings } from './doctor/archiving-checks.ts';
export type { Finding } from './doctor/finding.ts';

export interface DoctorReport {
  /** False when any finding is a fault. */
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Runs every check. `databaseUrl` connects as the owner; without it (an embedded database that does not run) the
 * database is not looked at. Changes nothing, never throws for what it finds.
 */
export async function runDoctor(config: Config, databaseUrl: string | undefined): Promise<DoctorReport> {
  const machine = await machineFindings(config);
  const database: Finding[] =
    databaseUrl === undefined
      ? [
          {
            check: 'database',
            outcome: 'warning',
            found: 'The embedded database is not running, so it was not looked at.',
            fix: 'start Sotto and run the doctor again',
          },
        ]
      : await databaseFindings(databaseUrl, config);
  const findings = [...machine, ...database];
  return { healthy: findings.every(({ outcome }) => outcome !== 'fault'), findings };
}

const MARKS = { ok: 'ok  ', warning: 'warn', fault: 'FAIL' } as const;

/** The report for a terminal, faults with their fixes. */
export function renderDoctor({ findings, healthy }: DoctorReport): string {
  const lines = findings.flatMap(({ outcome, check, found, fix }) => [
    `${MARKS[outcome]}  ${check}: ${found}`,
    ...(fix === undefined ? [] : [`      -> ${fix}`]),
  ]);
  return `${lines.join('\n')}\n\n${healthy ? 'Nothing stands in the way of a start.' : 'A start would fail, or should.'}\n`;
}
