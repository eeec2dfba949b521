// What stands on the terminal when a server is ready. In development: everything a newcomer needs next, and lines to
// paste. Keys are shown in development alone, where they open a demo workspace on this machine.
import type { DevCredentials } from '#accounts';

export interface Greeting {
  /** The address, or what this process does instead of having one. */
  readonly where: string;
  readonly mode: string;
  /** What is not ready yet, in the words of /readyz; empty as a rule. */
  readonly waitingFor: readonly string[];
}

/** The lines for any installation. */
export const ready = ({ where, mode, waitingFor }: Greeting): string[] =>
  waitingFor.length === 0
    ? [`Sotto is ready at ${where} (${mode})`]
    : [
        `Sotto runs at ${where} (${mode}) and is not ready yet:`,
        ...waitingFor.map((reason) => `  - ${reason}`),
      ];

export interface Demo {
  readonly credentials: DevCredentials;
  /** Where the credentials also stand. */
  readonly credentialsFile: string;
  /** Where mail of development is read; null where it goes to a mail server. */
  readonly mailsPage: string | null;
  /** A number the demo workspace receives on; null where no simulated carrier runs in this process. */
  readonly number: string | null;
}

/** The lines for who starts it the first time. */
export function welcome({ credentials, credentialsFile, mailsPage, number }: Demo): string[] {
  const { base_url: url, api_key: key, email, password } = credentials;
  const signIn = email === undefined || password === undefined ? null : { email, password };
  return [
    '',
    `  API documentation   ${url}/docs`,
    `  Privacy policy      ${url}/privacy`,
    ...(mailsPage === null ? [] : [`  Mail                ${url}${mailsPage}`]),
    ...(signIn === null ? [] : [`  Demo sign-in        ${signIn.email}   ${signIn.password}`]),
    `  Demo API key        ${key}`,
    `  Administrator key   ${credentials.admin_api_key}`,
    ...(number === null ? [] : [`  Demo number         ${number}`]),
    `  All of it in        ${credentialsFile}`,
    '',
    number === null
      ? 'Send a message, once a carrier and a route are set up:'
      : 'Send a message. It goes over SMPP to a simulated phone and costs demo credit:',
    '',
    `  curl -s ${url}/v1/messages -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"to":"+4915123456789","text":"Your code is 481516.","class":"otp"}'`,
    '',
    'Watch it arrive, with the id from the answer:',
    '',
    `  curl -s ${url}/v1/messages/<id> -H 'Authorization: Bearer ${key}'`,
    '',
    'Or both in one, from this folder in another terminal:',
    '',
    '  npx sotto send --to +4915123456789 --text "Hello." --wait',
    '',
    ...(signIn === null
      ? []
      : [
          'Sign in as a person; `token` of the answer is then used as a key is:',
          '',
          `  curl -s ${url}/v1/sessions -H 'Content-Type: application/json' -d '${JSON.stringify(signIn)}'`,
          '',
        ]),
    ...(number === null
      ? []
      : [
          'The last four digits of the recipient choose what happens: 0001 undeliverable, 0011 throttled, then',
          'delivered, 0031 the phone answers with the text, and more in simulator/README.md.',
          '',
        ]),
    'Ctrl-C stops it. Your data stays.',
  ];
}
