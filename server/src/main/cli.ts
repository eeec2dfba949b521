// The command line. Exit codes: 0 done, 1 refused or failed with a readable reason, 2 wrong usage.
import { text as readAll } from 'node:stream/consumers';
import { pause } from '#platform/clock';
import { readConfig } from '#platform/config';
import { createProgram } from './program.ts';
import { runProgram } from './run-program.ts';

/** Who does not read within this time does not want to know. */
const WRITTEN_LIMIT_MS = 5_000;

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
// What was written to a pipe may still be on its way, and ending the process would cut it.
await Promise.race([
  Promise.all([written(process.stdout), written(process.stderr)]),
  pause(WRITTEN_LIMIT_MS),
]);
// An embedded database that others still use stays behind; its handle must not keep this process.
process.exit();

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => {
    stream.write('', () => done());
  });
}
