// Fields that sign-up, sign-in and the account share.
import * as z from 'zod';
import { idSchema } from '../ids.ts';
import { personal } from '../personal.ts';
import { staffRoles, workspaceRoles } from '../roles.ts';
import { says } from '../sentences.ts';
import { instantSchema } from '../time.ts';

export const passwordLengthMin = 8;
/** Far more than anybody remembers; longer texts would be work for the hash and for nothing else. */
export const passwordLengthMax = 256;
export const languages = ['en', 'ar'] as const;

const newPasswordSentence = says(
  'invalid_request',
  `must be ${passwordLengthMin} to ${passwordLengthMax} characters; any will do.`,
);

/** A password that is chosen. No rules of composition (NIST SP 800-63B §5.1.1.2); lists of known ones are the server's. */
export const newPasswordSchema = personal(
  'secret',
  z
    .string({ error: newPasswordSentence })
    .min(passwordLengthMin, { error: newPasswordSentence })
    .max(passwordLengthMax, { error: newPasswordSentence }),
);

const secretSentence = says('invalid_request', `must be text of 1 to ${passwordLengthMax} characters.`);

/** A password or code that is presented: what it must look like is nobody's business here. */
export const givenSecretSchema = personal(
  'secret',
  z
    .string({ error: secretSentence })
    .min(1, { error: secretSentence })
    .max(passwordLengthMax, { error: secretSentence }),
);

/** A secret that is shown once and never again. */
export const shownSecretSchema = personal('secret', z.string()).nullable();

const ageSentence = says(
  'invalid_request',
  'must be true: /privacy says from which age the service may be used.',
);
const policySentence = says('invalid_request', 'must be the hash of the policy, as GET /v1/policy gives it.');

/** What whoever opens an account says, and which policy they have read. */
export const openingFields = {
  of_age: z
    .literal(true, { error: ageSentence })
    .describe(
      'That you are as old as the policy asks. The answer and its time are kept, never a date of birth.',
    ),
  accepted_policy: z
    .string({ error: policySentence })
    .regex(/^sha256:[0-9a-f]{64}$/, { error: policySentence })
    .describe('`hash` of GET /v1/policy: the version you have read.'),
  language: z.enum(languages).default('en').describe('For mails and pages.'),
};

export const sessionFields = {
  id: idSchema('ses'),
  strength: z
    .enum(['first_factor', 'full', 'second_factor'])
    .describe(
      'first_factor: the second one is still to come. full: signed in. second_factor: signed in with a second one.',
    ),
  created_at: instantSchema,
  last_seen_at: instantSchema.describe('To ten minutes.'),
  expires_at: instantSchema.describe('It ends then at the latest, and earlier when it is not used.'),
};

export const sessionSchema = z
  .strictObject({ ...sessionFields, current: z.boolean().describe('The one of this request.') })
  .meta({ id: 'Session' });

export const signedInSchema = z
  .strictObject({
    ...sessionFields,
    token: shownSecretSchema.describe(
      'Send it as a bearer token. Shown this once; null in a repeated answer, for secrets are never replayed, and ' +
        'where it was asked for in a cookie.',
    ),
    account_id: idSchema('acc'),
  })
  .meta({ id: 'SignedIn' });

/** What a browser makes passkeys of. */
export const ceremonySchema = z
  .strictObject({
    // An authenticator is told the address, to name the account by.
    public_key: personal('email', z.record(z.string(), z.unknown())).describe(
      'For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.',
    ),
  })
  .meta({ id: 'PasskeyOptions' });

const credentialSentence = says(
  'invalid_request',
  'must be what the browser answered, as its toJSON() writes it.',
);

/** What it is, the authenticator has signed; here it is an object and no more. */
export const credentialSchema = personal(
  'secret',
  z.record(z.string().max(64), z.unknown(), { error: credentialSentence }),
).describe('What `navigator.credentials` answered, as its `toJSON()` writes it.');

const oneSentence = says('invalid_request', 'present one thing, and one alone.');

/** One of several ways to show who one is. */
export const oneOf = <Shape extends z.ZodRawShape>(id: string, shape: Shape) =>
  z
    .strictObject(shape)
    .refine((given) => Object.values(given).filter((value) => value !== undefined).length === 1, {
      error: oneSentence,
    })
    .meta({ id });

export const accountSchema = z
  .strictObject({
    id: idSchema('acc'),
    kind: z.enum(['email', 'device']).describe('How it signs in.'),
    email: personal('email', z.string()).nullable().describe('Null for a device.'),
    language: z.enum(languages),
    workspaces: z
      .array(
        z.strictObject({
          id: idSchema('wrk'),
          kind: z.enum(['personal', 'organisation']),
          role: z.enum(workspaceRoles),
        }),
      )
      .describe('Name one in Sotto-Workspace to act in it; without the header it is the personal one.'),
    staff_role: z.enum(staffRoles).nullable().describe('What you may do for the operator.'),
    created_at: instantSchema,
  })
  .meta({ id: 'Account' });

export type Account = z.output<typeof accountSchema>;
export type SignedIn = z.output<typeof signedInSchema>;
export type Session = z.output<typeof sessionSchema>;
