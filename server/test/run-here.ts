// A command of the command line in this process: what it prints and how it ends, without a terminal. A process of its own
// costs more than most commands do; `test/start/product.ts` starts one where it matters.
import { readConfig } from '#platform/config';
import { createProgram } from '../src/main/program.ts';
import { runProgram } from '../src/main/run-program.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command under an environment, with what it may read from standard input. */
export async function runHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
): Promise<Said> {
  const said = { code: 0, out: '', err: '' };
  const shell = {
    out: (text: string) => {
      said.out += `${text}\n`;
    },
    note: (text: string) => {
      said.err += `${text}\n`;
    },
    readConfig: (overrides = {}) => readConfig(environment, overrides),
    readInput: async () => input,
    setExitCode: (code: number) => {
      said.code = code;
    },
  };
  await runProgram(createProgram(shell), args, shell);
  return said;
}
