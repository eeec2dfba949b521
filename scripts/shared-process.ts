// Which test files run in one process, one after another: starting one for each costs more than most of their tests do.
// Said by what a file uses, so that none has to be listed.

/** What lasts in a process or outside it: a socket, a file, a child, the environment, a replaced function. */
const LASTS =
  /\bcluster|createServer|\blisten\(|spawn|\bprocess\.|mkdtemp|\bmock\.|\b(?:before|after)(?:Each)?\(|connect\(|writeFile|rmSync|node:(?:net|http|https|tls|child_process|worker_threads)'/i;

/**
 * What stands at the top of a file belongs to the whole process. A database inside a `describe` comes and goes with it, and
 * takes the clock that its tests moved along.
 */
const AT_THE_TOP = /^(?:(?:const|let|await) .*\b(?:use|start)[A-Z]\w*\(|(?:before|after)(?:Each)?\(|test\()/m;

/** What looks at everything that was ever registered in a process, where tests register statements of their own. */
const ALL_OF_A_PROCESS = /registeredStatements/;

/**
 * rules: leave nothing behind that another file could find. databases: have theirs for themselves, one after another. null:
 * need a process of their own.
 */
export type Sharing = 'rules' | 'databases' | null;

/** With whom a test file, by its path and its text, may share a process. */
export function sharingOf(path: string, text: string): Sharing {
  if (ALL_OF_A_PROCESS.test(text)) return null;
  if (path.endsWith('.db.test.ts')) return AT_THE_TOP.test(text) ? null : 'databases';
  return LASTS.test(text) ? null : 'rules';
}
