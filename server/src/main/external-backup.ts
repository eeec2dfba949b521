// `sotto backup --check-external`: what Sotto can see of the backups of a database that is not embedded, and of the
// separation of its keys.
import pg from 'pg';
import type { Config } from '#platform/config';
import { archivingFindings, type DoctorReport, type Finding } from '#platform/doctor';
import { Refusal } from '#platform/errors';
import { refuseUnfitKeyCluster } from '#privacy';
import { systemIdentifier } from './ground.ts';
import { refuseUnmigrated } from './migration-state.ts';

/** Looks, and changes nothing. Throws a Refusal where the database is embedded. */
export async function checkExternalBackup(config: Config): Promise<DoctorReport> {
  if (config.databaseUrl === undefined) {
    throw new Refusal('The database is embedded: Sotto backs it up itself.', ['sotto backup <folder>']);
  }
  const url = config.databaseUrl.reveal();
  await refuseUnmigrated(url);
  const findings = [...(await archivingFindings(url)), await keys(config, url)];
  return { healthy: findings.every(({ outcome }) => outcome !== 'fault'), findings };
}

async function keys(config: Config, url: string): Promise<Finding> {
  if (config.keysUrl === undefined) {
    return {
      check: 'keys',
      outcome: 'ok',
      found: `The keys are in ${config.keysDir}, apart from the database: back them up with sotto backup --keys.`,
    };
  }
  const pool = new pg.Pool({ connectionString: config.keysUrl.reveal(), max: 1 });
  pool.on('error', () => undefined);
  try {
    await refuseUnfitKeyCluster(pool, await systemIdentifier(url));
    return {
      check: 'keys',
      outcome: 'ok',
      found:
        'The keys are on another cluster (its system identifier differs), which needs backups of its own.',
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { check: 'keys', outcome: 'fault', found: error.message, fix: error.waysOut.join(', or ') };
  } finally {
    await pool.end();
  }
}
