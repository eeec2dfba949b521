// The service as people meet it: links, cookies, age, rights.
import { RIGHT_KEYS } from '../vocabulary/rights.ts';
import { counted, type Rule } from './refusal.ts';

/** E-TLS: the public address and the database. Development serves on its own machine. */
export const links: Rule = function* ({ facts }) {
  const { mode, publicUrlHttps, databaseTls, databaseLoopback } = facts.config;
  if (mode === 'production' && !publicUrlHttps) {
    yield {
      code: 'E-TLS',
      promise: 'require:in_transit',
      fact: 'The public address of this service is not https.',
      waysOut: [
        'Set an https address, with own certificate files or a trusted proxy.',
        'No policy of this language promises less.',
        'Nothing has to be migrated.',
      ],
    };
  }
  if (!databaseTls && !databaseLoopback) {
    yield {
      code: 'E-TLS',
      promise: 'require:in_transit',
      fact: 'The link to the database leaves this machine unencrypted.',
      waysOut: [
        'Require TLS in the address of the database.',
        'No policy of this language promises less.',
        'Move the database to this machine.',
      ],
    };
  }
};

/** E-COOKIE: cookies and trackers that are not listed, or called essential and are not. */
export const cookies: Rule = function* ({ policy, facts }) {
  const { promise, list, trackers } = policy.cookies;
  const declared = new Map(list.map((cookie) => [cookie.name, cookie]));
  const surplus = facts.config.cookies.filter(
    ({ name, essential }) => !declared.has(name) || (declared.get(name)!.essential && !essential),
  );
  if (surplus.length > 0) {
    yield {
      code: 'E-COOKIE',
      promise: promise === 'none' ? 'prohibit:cookies' : `require:cookie:${surplus[0]!.name}`,
      silence: 'We set only the cookies listed.',
      fact: `Cookies set and not listed so: ${counted(surplus.map(({ name }) => name))}.`,
      waysOut: [
        'Switch off what sets them.',
        promise === 'none'
          ? 'List them in "cookies" instead of promising none.'
          : 'Add them to cookies.list.',
        'Keep the session in the page instead.',
      ],
    };
  }
  const unlisted = facts.config.trackers.filter((name) => !trackers.some((tracker) => tracker.name === name));
  if (unlisted.length > 0) {
    yield {
      code: 'E-COOKIE',
      promise: `require:tracker:${unlisted[0]}`,
      silence: 'Nobody follows you with trackers that are not listed.',
      fact: `Trackers set up and not listed: ${counted(unlisted)}.`,
      waysOut: ['Switch them off.', 'Add them to cookies.trackers.', 'Nothing has to be migrated.'],
    };
  }
};

/** E-AGE: a gate that is missing or lets younger people in. */
export const age: Rule = function* ({ policy, facts }) {
  const { min_age, gate } = policy.audience;
  const here = facts.config.age;
  const missing = gate === 'attestation' && here.gate === 'none';
  if (min_age === 0 || (here.minAge >= min_age && !missing)) return;
  yield {
    code: 'E-AGE',
    promise: 'gate:age',
    fact: missing ? 'Nobody is asked for an age.' : `People are let in from ${here.minAge} years.`,
    waysOut: [
      `Set the age gate to ${min_age} years.`,
      'Change the section "audience".',
      'Ask people who are here already.',
    ],
  };
};

/** E-RIGHT: a right that is offered and that no code answers. */
export const rights: Rule = function* ({ policy, facts }) {
  for (const right of RIGHT_KEYS) {
    if (!policy.rights[right]?.offered || facts.rightsHandled.includes(right)) continue;
    yield {
      code: 'E-RIGHT',
      promise: `require:right:${right}`,
      fact: 'No code answers such a request.',
      waysOut: [
        'Switch on the answering of requests.',
        `Withdraw rights.${right}; the law may still give it.`,
        'Update to a release that answers it.',
      ],
    };
  }
};
