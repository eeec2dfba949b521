// The term of the Data Privacy Vocabulary (DPV 2.3, module purposes) that is nearest to each purpose, as an IRI. It
// tells a reader elsewhere what a purpose means; nothing is decided by it.
import type { Purpose } from '../vocabulary/purposes.ts';

const DPV = 'https://w3id.org/dpv#';

export const PURPOSES_IN_DPV: Readonly<Record<Purpose, string>> = {
  service: `${DPV}ServiceProvision`,
  delivery: `${DPV}ServiceProvision`,
  activation_support: `${DPV}CommunicationForCustomerCare`,
  reliability: `${DPV}IncreaseServiceRobustness`,
  billing: `${DPV}PaymentManagement`,
  security: `${DPV}EnforceSecurity`,
  fraud: `${DPV}FraudPreventionAndDetection`,
  support: `${DPV}CommunicationForCustomerCare`,
  contact: `${DPV}CommunicationManagement`,
  contact_feature: `${DPV}ServiceProvision`,
  marketing: `${DPV}Marketing`,
  improve: `${DPV}ServiceOptimisation`,
  analytics: `${DPV}ServiceUsageAnalytics`,
  suppression: `${DPV}RightsFulfilment`,
  legal: `${DPV}LegalCompliance`,
  audit: `${DPV}RecordManagement`,
  operations: `${DPV}ServiceManagement`,
};
