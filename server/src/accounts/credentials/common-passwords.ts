// The most common passwords, offline: a published list of some 50,000, of which those long enough to be accepted at
// all are kept, some 18,000. It takes about 60 ms, once, and seven megabytes. ASVS 5.0 V6.2.4 asks for the 3,000 most common.
import { PASSWORD_LENGTH_MIN } from './password-text.ts';

let loaded: Promise<ReadonlySet<string>> | undefined;

/** The list in lower case. Read once in a process, when it is first asked for; may be repeated. */
export function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) =>
      new Set(dictionary['passwords-common'].filter((one) => one.length >= PASSWORD_LENGTH_MIN)),
  );
  return loaded;
}
