// The command line. Exit codes: 0 done, 1 refused or failed with a readable reason, 2 wrong usage.
import { text as readAll } from 'node:stream/consumers';
import { readConfig } from '#platform/config';
import { createProgram } from './program.ts';
import { runProgram } from './run-program.ts';

const program = createProgram({
  out: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  readConfig: (overrides) => readConfig(undefined, overrides),
  readInput: () => readAll(process.stdin),
  setExitCode: (code) => {
    process.exitCode = code;
  },
});
await runProgram(program, process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  setExitCode: (code) => {
    process.exitCode = code;
  },
});
// An embedded database that others still use stays behind; its handle must not keep this process.
process.exit();
