// The types of every PDU, derived from the table of layouts, so that table and types cannot drift apart.
import type {
  CommandName,
  CountedOctets,
  CString,
  Destinations,
  LAYOUTS,
  Octet,
  Unsuccessful,
} from './pdu-layouts.ts';
import type { Tlvs } from './tlvs.ts';

/** A destination of submit_multi: one address, or the name of a list kept by the SMSC (SMPP 3.4 §5.2.25). */
export type MultiDestination =
  | { readonly kind: 'address'; readonly ton: number; readonly npi: number; readonly address: string }
  | { readonly kind: 'list'; readonly name: string };

/** A destination that submit_multi did not reach, with the command_status that says why (SMPP 3.4 §4.5.2.1). */
export interface UnsuccessfulDestination {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
  readonly status: number;
}

type ValueOf<F> = F extends CString
  ? string
  : F extends Octet
    ? number
    : F extends CountedOctets
      ? Buffer
      : F extends Destinations
        ? readonly MultiDestination[]
        : F extends Unsuccessful
          ? readonly UnsuccessfulDestination[]
          : never;

type FieldsOf<N extends CommandName> = (typeof LAYOUTS)[N]['fields'][number];

/** The body fields of one PDU. Strings are Latin-1 without the NUL; `message` is octets as on the wire. */
export type BodyOf<N extends CommandName> = {
  [F in FieldsOf<N> as F extends { name: infer M extends string } ? M : never]: ValueOf<F>;
};

/**
 * One PDU. `sequence` is 0 until a session numbers it. Octets of decoded PDUs are views of what the socket
 * delivered: they stay valid, and keep up to one chunk (64 KiB) alive, until the PDU is dropped.
 */
export type PduOf<N extends CommandName> = N extends CommandName
  ? { readonly command: N; status: number; sequence: number; tlvs: Tlvs } & BodyOf<N>
  : never;

export type Pdu = PduOf<CommandName>;

export type SubmitSm = PduOf<'submit_sm'>;
export type DeliverSm = PduOf<'deliver_sm'>;
export type DataSm = PduOf<'data_sm'>;
