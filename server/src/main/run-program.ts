// Runs a command line to its exit code. Apart from the parser, so that tests can run commands in their own process.
import { type Command, CommanderError } from 'commander';
import { explain } from './explain.ts';
import { EXIT_FAILED, EXIT_USAGE, type Shell, UsageFault } from './shell.ts';

/** Parses and runs. Never rejects: what goes wrong is said on standard error, with `--json` on standard output too. */
export async function runProgram(
  program: Command,
  args: readonly string[],
  { out, note, setExitCode }: Pick<Shell, 'out' | 'note' | 'setExitCode'>,
): Promise<void> {
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // The parser has said what was wrong. Help and version were asked for, and are no fault.
      if (error.exitCode !== 0) setExitCode(EXIT_USAGE);
    } else if (error instanceof UsageFault) {
      note(`error: ${error.message}`);
      setExitCode(EXIT_USAGE);
    } else {
      const { text, machine } = explain(error);
      note(text);
      if (args.includes('--json')) out(JSON.stringify(machine, null, 2));
      setExitCode(EXIT_FAILED);
    }
  }
}
