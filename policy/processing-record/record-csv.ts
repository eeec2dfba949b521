// Both records as tables for a spreadsheet: one row an activity, the letter of GDPR Art. 30 in each heading. What the
// whole record shares stands in every row, so that a row can be read alone.
import { toCsv } from './csv.ts';
import type {
  ControllerRecord,
  Party,
  ProcessingForOthers,
  ProcessorRecord,
  RecordedCategory,
  RecordedLimit,
  RecordedRecipient,
  RecordedTransfer,
} from './record.ts';

const BETWEEN = '; ';

/** The record of a controller; one row an activity. */
export function controllerCsv(record: ControllerRecord): string {
  const shared = [
    parties([record.controller]),
    record.joint_controllers.map(({ name }) => name).join(BETWEEN),
  ];
  return toCsv([
    [
      'Activity',
      '(a) Controller, representative, data protection officer',
      '(a) Joint controllers',
      '(b) Purpose',
      'Lawful basis',
      '(c) Categories of people',
      '(c) Categories of data',
      '(d) Recipients',
      '(e) Transfers and safeguards',
      '(f) Time limits',
      '(g) Measures',
      'Policy',
    ],
    ...record.activities.map((activity) => [
      activity.id,
      ...shared,
      `${activity.purpose.means} (${activity.purpose.fideslang}, ${activity.purpose.dpv})`,
      [activity.basis.article, activity.basis.interest, activity.basis.balancing]
        .filter(Boolean)
        .join(BETWEEN),
      activity.subjects.map(({ means }) => means).join(BETWEEN),
      categories(activity.categories),
      recipients(activity.recipients),
      transfers(activity.transfers),
      limits(activity.limits),
      record.measures.join(' '),
      `${record.policy} ${record.version}`,
    ]),
  ]);
}

/** The record of a processor; one row a customer and processing, or a processing where no customer is listed. */
export function processorCsv(record: ProcessorRecord): string {
  const rows = record.processing.flatMap((processing): [string, ProcessingForOthers][] => {
    const served = record.controllers.filter((controller) => controller.processing.includes(processing.key));
    return served.length === 0
      ? [['', processing]]
      : served.map((controller) => [parties([controller]), processing]);
  });
  return toCsv([
    [
      '(a) Processor, representative, data protection officer',
      '(a) On behalf of',
      '(b) Processing',
      'Categories of people',
      'Categories of data',
      'Sub-processors',
      '(c) Transfers and safeguards',
      'Time limits',
      '(d) Measures',
      'Policy',
    ],
    ...rows.map(([controller, processing]) => [
      parties([record.processor]),
      controller,
      processing.means,
      processing.subjects.map(({ means }) => means).join(BETWEEN),
      categories(processing.categories),
      recipients(processing.sub_processors),
      transfers(processing.transfers),
      limits(processing.limits),
      record.measures.join(' '),
      `${record.policy} ${record.version}`,
    ]),
  ]);
}

const parties = (list: readonly Party[]): string =>
  list
    .map(({ name, contacts, representative, data_protection_officer }) =>
      [
        [name, ...contacts].join(', '),
        ...(representative ? [`representative: ${representative}`] : []),
        ...(data_protection_officer ? [`data protection officer: ${data_protection_officer}`] : []),
      ].join(BETWEEN),
    )
    .join(BETWEEN);

const categories = (list: readonly RecordedCategory[]): string =>
  list.map(({ means }) => means).join(BETWEEN);

const recipients = (list: readonly RecordedRecipient[]): string =>
  list
    .map(({ name, role, country, contract }) =>
      [`${name} (${role}, ${country})`, ...(contract ? [`contract ${contract.ref}`] : [])].join(', '),
    )
    .join(BETWEEN);

const transfers = (list: readonly RecordedTransfer[]): string =>
  list
    .map(({ recipient, country, safeguards }) => `${recipient}, ${country}: ${safeguards || 'none named'}`)
    .join(BETWEEN);

const limits = (list: readonly RecordedLimit[]): string =>
  list
    .map(
      ({ means, duration, from, until, then, legal_hold }) =>
        `${means}: ${until ? `until ${until}, at most ` : ''}${duration} from ${from}, then ${then}${
          legal_hold ? ', legal hold possible' : ''
        }`,
    )
    .join(BETWEEN);
