// Which test files can run in one process, one after another: those of rules, which leave nothing behind that another file
// could find. Said by what a file uses, so that none has to be listed.

/** What lasts in a process or outside it: a database, a socket, a file, a child, the environment, a replaced function. */
const LASTS =
  /\.db\.test\.ts|\bcluster|createServer|\blisten\(|spawn|\bprocess\.|mkdtemp|\bmock\.|\b(?:before|after)(?:Each)?\(|connect\(|writeFile|rmSync|node:(?:net|http|https|tls|child_process|worker_threads)'/i;

/** Whether a test file, by its path and its text, may share a process with others. */
export const sharesProcess = (path: string, text: string): boolean => !LASTS.test(`${path}\n${text}`);
