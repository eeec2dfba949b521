// The face of carriers: the port that `messages` submits through, the connectors of this process, and their settings.

export { type CarrierFleet, type FleetOptions, startCarriers } from './fleet.ts';
export { LEASE_TIMES, type LeaseTimes } from './leases/lease-keeper.ts';
export {
  type BindHealth,
  type BindState,
  type CarrierInbound,
  type CarrierReceipt,
  type CarrierSinks,
  type Connector,
  type ConnectorHealth,
  type ConnectorTraits,
  LANES,
  type Lane,
  type LateAnswer,
  type MessageIdForm,
  type PartOutcome,
  type PartToSubmit,
  type ReceiptState,
  type RefusalSeverity,
  WAITING_PARTS,
} from './port.ts';
export {
  type ConfigureDependencies,
  createConnector,
  deleteConnector,
  disableConnector,
  getConnector,
  listConnectors,
  type StoredConnector,
  updateConnector,
} from './settings/configure.ts';
export type { ConnectorChange, ConnectorSettings, NewConnector } from './settings/connector-settings.ts';
export { readTraits } from './settings/traits.ts';
