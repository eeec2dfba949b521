// The command line. Exit codes: 0 done, 1 refused or failed with a readable reason, 2 wrong usage.
import { readConfig } from '#platform/config';
import { createProgram } from './program.ts';
import { explain } from './explain.ts';

const EXIT_FAILED = 1;

try {
  await createProgram({
    write: (text) => process.stdout.write(`${text}\n`),
    readConfig: (overrides) => readConfig(undefined, overrides),
  }).parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = EXIT_FAILED;
}
