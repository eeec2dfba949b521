// Development only: playing a phone, scripting the simulated carrier, reading mail. Production does not mount these.
import * as z from 'zod';
import { idSchema } from './ids.ts';
import { operation } from './operation.ts';
import { personal } from './personal.ts';
import { phoneNumberSchema, senderSchema } from './phone-number.ts';
import { textSchema } from './send-message.ts';

export const simulatedInboundSchema = z
  .strictObject({
    from: personal('number', senderSchema).describe('The phone, short code or name that writes.'),
    to: phoneNumberSchema.describe('A number of the platform.'),
    text: textSchema,
  })
  .meta({ id: 'SimulatedInbound' });

/** SMPP 3.4 §5.1.3: command_status is 32 bits. */
const commandStatusMax = 0xffff_ffff;

const share = z.number().min(0).max(1);

/** Every field has a default, so that an empty body puts the carrier back to a good day. */
export const simulatorBehaviourSchema = z
  .strictObject({
    latency_ms: z.int().min(0).max(120_000).default(0).describe('Before each submit_sm_resp.'),
    parts_per_second_max: z
      .int()
      .min(0)
      .max(100_000)
      .default(0)
      .describe('Above it submits are answered ESME_RTHROTTLED; 0 for no limit.'),
    queue_max: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe('With so many receipts outstanding, submits are answered ESME_RMSGQFUL; 0 for no limit.'),
    submit_status: z
      .int()
      .min(0)
      .max(commandStatusMax)
      .default(0)
      .describe('command_status of submit_sm_resp (SMPP 3.4 §5.1.3).'),
    submit_status_share: share.default(1).describe('Share of submits answered with submit_status.'),
    disconnect_after_submits: z
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe('Cut the connection, once, at this submit: it and what is open stay unanswered.'),
    disconnect_at_octet: z
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe(
        'Cut the connection, once, after writing so many octets: in the middle of a PDU if it falls there. Not ' +
          'together with disconnect_after_submits.',
      ),
    black_hole: z.boolean().default(false).describe('Read everything, answer nothing.'),
    receipts: z
      .strictObject({
        outcome: z
          .enum(['delivered', 'undeliverable', 'expired', 'rejected', 'unknown', 'none'])
          .default('delivered')
          .describe('What the receipts say; none for no receipts.'),
        delay_ms: z.int().min(0).max(600_000).default(50),
        before_response: z.boolean().default(false).describe('Send the receipt before submit_sm_resp.'),
        copies: z.int().min(1).max(5).default(1),
        shuffled: z.boolean().default(false).describe('Send receipts out of order.'),
        id_form: z
          .enum(['same', 'hex', 'decimal'])
          .default('same')
          .describe('How the receipt writes the id.'),
        carried_in: z.enum(['both', 'tlv', 'text']).default('both'),
      })
      .prefault({}),
  })
  .meta({ id: 'SimulatorBehaviour', description: 'How the simulated carrier behaves from now on.' });

export type SimulatorBehaviour = z.output<typeof simulatorBehaviourSchema>;

export const developmentMailSchema = z
  .strictObject({
    id: idSchema('mai'),
    to: personal('email', z.string()).describe('The address it went to.'),
    subject: personal('content', z.string()),
    text: personal('content', z.string()).describe('The plain text, links included.'),
    html: personal('content', z.string()).describe('The same as HTML.'),
    locale: z.enum(['en', 'ar']),
  })
  .meta({ id: 'DevelopmentMail' });

export const listDevelopmentMails = operation({
  id: 'simulator.mails',
  method: 'GET',
  path: '/v1/simulator/mails',
  scope: 'admin:simulator',
  summary: 'Read the mail of development',
  description:
    'The latest mails, newest first, that no mail server took because none is set. They are in the memory of this process alone.',
  purpose: 'operations',
  request: {},
  responses: {
    200: z
      .strictObject({ data: z.array(developmentMailSchema) })
      .meta({ id: 'DevelopmentMailList' })
      .describe('The mails.'),
  },
  errors: ['feature_off'],
  idempotent: true,
});

const shared = { scope: 'admin:simulator', purpose: 'operations', method: 'POST' } as const;

export const simulateInbound = operation({
  ...shared,
  id: 'simulator.inbound',
  path: '/v1/simulator/inbound',
  summary: 'Play a phone',
  description: 'The simulated carrier delivers the text over SMPP, split into segments where it is long.',
  request: { body: simulatedInboundSchema },
  responses: {
    202: z
      .strictObject({ segments: z.int().min(1) })
      .meta({ id: 'SimulatedInboundAnswer' })
      .describe('On its way.'),
  },
  errors: ['invalid_number', 'invalid_sender', 'text_empty', 'text_too_long', 'feature_off'],
  idempotent: false,
  examples: { body: { from: '+4915123456789', to: '+4915555500001', text: 'STOP' } },
});

export const setSimulatorBehaviour = operation({
  ...shared,
  id: 'simulator.behaviour',
  path: '/v1/simulator/behaviour',
  summary: 'Script the simulated carrier',
  description: 'Replaces its behaviour as a whole: fields left out go back to their defaults.',
  request: { body: simulatorBehaviourSchema },
  responses: { 200: simulatorBehaviourSchema.describe('The behaviour now.') },
  errors: ['feature_off'],
  idempotent: true,
  examples: { body: { latency_ms: 200, receipts: { outcome: 'undeliverable' } } },
});
