// The command line as a whole. Every command is a file in commands/ and loads what it does when it is called, so that
// `--help` is quick.
import { Command } from 'commander';
import { addAdmin } from './commands/admin.ts';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addBench } from './commands/bench.ts';
import { addDoctor } from './commands/doctor.ts';
import { addErasures } from './commands/erasures.ts';
import { addJobs } from './commands/jobs.ts';
import { addKeyStore } from './commands/key-store.ts';
import { addKeys } from './commands/keys.ts';
import { addMigrate } from './commands/migrate.ts';
import { addPolicy } from './commands/policy.ts';
import { addRestore } from './commands/restore.ts';
import { addRetention } from './commands/retention.ts';
import { addSend } from './commands/send.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStart } from './commands/start.ts';
import { addWorkspaces } from './commands/workspaces.ts';
import type { Shell } from './shell.ts';

const EPILOGUE = `
Settings come from the environment: see the table in README.md. Every command takes --json: the answer is then one
JSON document on standard output, and messages stay on standard error.
Exit codes: 0 done, 1 refused or failed with a readable reason, 2 wrong usage.`;

export function createProgram(shell: Shell): Command {
  const program = new Command('sotto')
    .description('A self-hosted SMS platform whose privacy policy is executable')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for how it is used)')
    .addHelpText('after', EPILOGUE)
    .configureOutput({
      writeOut: (text) => shell.out(text.trimEnd()),
      writeErr: (text) => shell.note(text.trimEnd()),
    })
    // Inherited by every command made below: nothing but cli.ts ends the process.
    .exitOverride();
  addStart(program, shell);
  addMigrate(program, shell);
  addDoctor(program, shell);
  addAdmin(program, shell);
  addWorkspaces(program, shell);
  addKeys(program, shell);
  addKeyStore(program, shell);
  addBackup(program, shell);
  addRestore(program, shell);
  addErasures(program, shell);
  addSend(program, shell);
  addSimulate(program, shell);
  addJobs(program, shell);
  addPolicy(program, shell);
  addAudit(program, shell);
  addRetention(program, shell);
  addBench(program, shell);
  return program;
}
