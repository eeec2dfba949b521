// Every operation of the API. The tree gives the SDK its shape, the list drives routes, document and tests.

import {
  changePassword,
  closeAccount,
  finishPasswordReset,
  getAccount,
  startPasswordReset,
  updateAccount,
} from './account/account.ts';
import { createDeviceChallenge, registerDevice, restoreDevice, signInDevice } from './account/devices.ts';
import { confirmEmailChange, startEmailChange } from './account/email.ts';
import {
  confirmTotp,
  enrolTotp,
  getSecondFactors,
  registerPasskey,
  removePasskey,
  removeTotp,
  renamePasskey,
  renewRecoveryCodes,
  startPasskey,
} from './account/factors.ts';
import {
  acceptInvitation,
  createInvitation,
  listInvitations,
  revokeInvitation,
} from './account/invitations.ts';
import { listMembers, removeMember, updateMember } from './account/members.ts';
import { createOrganisation, leaveOrganisation } from './account/organisations.ts';
import {
  listSessions,
  presentSecondFactor,
  reauthenticate,
  revokeOtherSessions,
  revokeSession,
  signIn,
  signInPasskey,
  signOut,
  startPasskeySignIn,
  startSecondFactor,
} from './account/sessions.ts';
import { confirmSignUp, startSignUp } from './account/sign-up.ts';
import { closeWorkspace, getWorkspace, updateWorkspace } from './account/workspace.ts';
import { listAgreementAcceptances, listAgreements, publishAgreement } from './admin/agreements.ts';
import { decideAppeal, listWaitingAppeals, readAppealAsStaff } from './admin/appeals.ts';
import { listAudit } from './admin/audit.ts';
import {
  approveBankTransfer,
  enterBankTransfer,
  listBankTransfers,
  rejectBankTransfer,
} from './admin/bank-transfers.ts';
import {
  createConnector,
  deleteConnector,
  getConnectorHealth,
  listConnectors,
  updateConnector,
} from './admin/carriers.ts';
import { createExchangeRate, listExchangeRates } from './admin/exchange-rates.ts';
import {
  approveIdentityCheck,
  listWaitingIdentityChecks,
  readIdentityDocument,
  rejectIdentityCheck,
  reviewIdentityCheck,
  takeIdentityCheck,
} from './admin/identity-checks.ts';
import { listDeadJobs, replayJob } from './admin/jobs.ts';
import { assignNumber, createNumber, listNumbers, retireNumber, unassignNumber } from './admin/numbers.ts';
import { approvePayment, listPayments, refundPayment } from './admin/payments.ts';
import { createPlan, listAllPlans, retirePlan } from './admin/plans.ts';
import { createPrice, deletePrice, listPrices, updatePrice } from './admin/prices.ts';
import { createPromoCode, endPromoCode, listPromoCodes } from './admin/promo-codes.ts';
import { createRoute, deleteRoute, listRoutes, updateRoute } from './admin/routes.ts';
import { grantStaff, listStaff, removeStaff } from './admin/staff.ts';
import { listErrorReports, listUsage } from './admin/telemetry.ts';
import {
  answerTicket,
  closeTicketAsStaff,
  listWaitingTickets,
  noteCall,
  openTicketByPhone,
  readTicketAsStaff,
  takeTicket,
} from './admin/tickets.ts';
import { createWorkspace, creditWorkspace, listWorkspaces } from './admin/workspaces.ts';
import { acceptAgreement, getAgreement, getAgreementAcceptance } from './agreements.ts';
import { createAppeal, getAppeal, listAppeals } from './appeals.ts';
import { endAutoTopUp, getAutoTopUp, setAutoTopUp, storeCard } from './auto-top-up.ts';
import { getReferral, nameReferrer, redeemPromoCode } from './bonus.ts';
import { createConsent, getCurrentConsents, listConsents, withdrawConsent } from './consents.ts';
import {
  addIdentityDocument,
  createIdentityCheck,
  getIdentityCheck,
  listIdentityChecks,
  submitIdentityCheck,
  withdrawIdentityCheck,
} from './identity-checks.ts';
import { getInbound, listInbound } from './inbound.ts';
import {
  createInvoice,
  getBilling,
  getInvoice,
  getInvoicePage,
  listInvoices,
  updateBilling,
} from './invoices.ts';
import { createKey, listKeys, revokeKey, rotateKey } from './keys.ts';
import {
  cancelMessage,
  deleteMessage,
  getMessage,
  listMessages,
  previewMessage,
  searchMessages,
  sendMessage,
  sendMessageBatch,
} from './messages.ts';
import type { Operation } from './operation.ts';
import { checkOptOuts, createOptOut, deleteOptOut, listOptOuts } from './opt-outs.ts';
import {
  noticeFromAppStore,
  noticeFromBtcpay,
  noticeFromPlayStore,
  noticeFromRevenueCat,
  noticeFromStripe,
} from './payment-notices.ts';
import {
  cancelSubscription,
  changeSubscription,
  getSubscription,
  listPlans,
  resumeSubscription,
  subscribe,
} from './plans.ts';
import { getPolicy, getPrivacyPage, listPromises } from './policy.ts';
import { getDocs, getErrorDocs, getLiveness, getMetrics, getOpenApi, getReadiness } from './service.ts';
import { listDevelopmentMails, setSimulatorBehaviour, simulateInbound } from './simulator.ts';
import { reportAppStorePurchase, reportPlayStorePurchase } from './store-purchases.ts';
import { closeTicket, createTicket, getTicket, listTickets, replyToTicket } from './tickets.ts';
import { createTopUp, getTopUp, listTopUps } from './top-ups.ts';
import { getWallet, getWalletStatement, listWalletEntries } from './wallet.ts';
import { getWalletSettings, updateWalletSettings } from './wallet-settings.ts';

/** The operations as a tree: the way to each is its id. */
export const api = {
  messages: {
    send: sendMessage,
    batch: sendMessageBatch,
    preview: previewMessage,
    list: listMessages,
    search: searchMessages,
    get: getMessage,
    cancel: cancelMessage,
    delete: deleteMessage,
  },
  inbound: { list: listInbound, get: getInbound },
  policy: { get: getPolicy, promises: listPromises, page: getPrivacyPage },
  optOuts: { list: listOptOuts, create: createOptOut, check: checkOptOuts, delete: deleteOptOut },
  consents: {
    list: listConsents,
    current: getCurrentConsents,
    create: createConsent,
    withdraw: withdrawConsent,
  },
  wallet: {
    get: getWallet,
    entries: listWalletEntries,
    statement: getWalletStatement,
    settings: getWalletSettings,
    updateSettings: updateWalletSettings,
  },
  tickets: {
    list: listTickets,
    create: createTicket,
    get: getTicket,
    reply: replyToTicket,
    close: closeTicket,
  },
  identityChecks: {
    list: listIdentityChecks,
    create: createIdentityCheck,
    get: getIdentityCheck,
    addDocument: addIdentityDocument,
    submit: submitIdentityCheck,
    withdraw: withdrawIdentityCheck,
  },
  autoTopUp: { get: getAutoTopUp, set: setAutoTopUp, storeCard, end: endAutoTopUp },
  storePurchases: { reportAppStore: reportAppStorePurchase, reportPlayStore: reportPlayStorePurchase },
  topUps: { create: createTopUp, list: listTopUps, get: getTopUp },
  bonus: { redeem: redeemPromoCode, referral: getReferral, nameReferrer },
  plans: { list: listPlans },
  subscription: {
    get: getSubscription,
    create: subscribe,
    change: changeSubscription,
    cancel: cancelSubscription,
    resume: resumeSubscription,
  },
  invoices: { list: listInvoices, create: createInvoice, get: getInvoice, page: getInvoicePage },
  billing: { get: getBilling, update: updateBilling },
  paymentNotices: {
    stripe: noticeFromStripe,
    btcpay: noticeFromBtcpay,
    revenuecat: noticeFromRevenueCat,
    appStore: noticeFromAppStore,
    playStore: noticeFromPlayStore,
  },
  keys: { list: listKeys, create: createKey, rotate: rotateKey, revoke: revokeKey },
  workspace: { get: getWorkspace, update: updateWorkspace, close: closeWorkspace },
  members: { list: listMembers, update: updateMember, remove: removeMember },
  invitations: {
    list: listInvitations,
    create: createInvitation,
    revoke: revokeInvitation,
    accept: acceptInvitation,
  },
  appeals: { list: listAppeals, create: createAppeal, get: getAppeal },
  signUp: { start: startSignUp, confirm: confirmSignUp },
  sessions: {
    create: signIn,
    startPasskey: startPasskeySignIn,
    passkey: signInPasskey,
    startSecondFactor,
    secondFactor: presentSecondFactor,
    list: listSessions,
    revoke: revokeSession,
    revokeOthers: revokeOtherSessions,
    reauthenticate,
    signOut,
  },
  passwordReset: { start: startPasswordReset, finish: finishPasswordReset },
  devices: {
    challenge: createDeviceChallenge,
    register: registerDevice,
    signIn: signInDevice,
    restore: restoreDevice,
  },
  account: {
    get: getAccount,
    update: updateAccount,
    changePassword,
    email: { change: startEmailChange, confirm: confirmEmailChange },
    close: closeAccount,
    secondFactors: { get: getSecondFactors },
    totp: { enrol: enrolTotp, confirm: confirmTotp, remove: removeTotp },
    recoveryCodes: { renew: renewRecoveryCodes },
    passkeys: {
      start: startPasskey,
      register: registerPasskey,
      rename: renamePasskey,
      remove: removePasskey,
    },
  },
  organisations: { create: createOrganisation, leave: leaveOrganisation },
  agreements: { get: getAgreement, getAcceptance: getAgreementAcceptance, accept: acceptAgreement },
  admin: {
    carriers: {
      list: listConnectors,
      create: createConnector,
      update: updateConnector,
      delete: deleteConnector,
      health: getConnectorHealth,
    },
    routes: { list: listRoutes, create: createRoute, update: updateRoute, delete: deleteRoute },
    prices: { list: listPrices, create: createPrice, update: updatePrice, delete: deletePrice },
    numbers: {
      list: listNumbers,
      create: createNumber,
      assign: assignNumber,
      unassign: unassignNumber,
      retire: retireNumber,
    },
    workspaces: { list: listWorkspaces, create: createWorkspace, credit: creditWorkspace },
    staff: { list: listStaff, grant: grantStaff, remove: removeStaff },
    tickets: {
      list: listWaitingTickets,
      create: openTicketByPhone,
      take: takeTicket,
      get: readTicketAsStaff,
      reply: answerTicket,
      note: noteCall,
      close: closeTicketAsStaff,
    },
    identityChecks: {
      list: listWaitingIdentityChecks,
      take: takeIdentityCheck,
      get: reviewIdentityCheck,
      document: readIdentityDocument,
      approve: approveIdentityCheck,
      reject: rejectIdentityCheck,
    },
    plans: { list: listAllPlans, create: createPlan, retire: retirePlan },
    exchangeRates: { list: listExchangeRates, create: createExchangeRate },
    payments: { list: listPayments, refund: refundPayment, approve: approvePayment },
    appeals: { list: listWaitingAppeals, get: readAppealAsStaff, decide: decideAppeal },
    bankTransfers: {
      list: listBankTransfers,
      create: enterBankTransfer,
      approve: approveBankTransfer,
      reject: rejectBankTransfer,
    },
    agreements: {
      list: listAgreements,
      publish: publishAgreement,
      acceptances: listAgreementAcceptances,
    },
    promoCodes: { list: listPromoCodes, create: createPromoCode, end: endPromoCode },
    jobs: { dead: listDeadJobs, replay: replayJob },
    audit: { list: listAudit },
    usage: { list: listUsage },
    errors: { list: listErrorReports },
  },
  simulator: { inbound: simulateInbound, behaviour: setSimulatorBehaviour, mails: listDevelopmentMails },
  service: {
    liveness: getLiveness,
    readiness: getReadiness,
    openapi: getOpenApi,
    docs: getDocs,
    errors: getErrorDocs,
    metrics: getMetrics,
  },
} as const;

export type OperationTree = { readonly [name: string]: Operation | OperationTree };

/** Whether a node of the tree is an operation or a branch: only operations have a path that is text. */
export const isOperation = (node: Operation | OperationTree): node is Operation =>
  typeof node.path === 'string';

/** Every operation once, in the order of the tree. */
export const operations: readonly Operation[] = [...leaves(api)];

function* leaves(tree: OperationTree): Generator<Operation> {
  for (const node of Object.values(tree)) {
    if (isOperation(node)) yield node;
    else yield* leaves(node);
  }
}
