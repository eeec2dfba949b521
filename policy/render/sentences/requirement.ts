// What has to be there, in words.
import type { Requirement } from '../../model.ts';
import { foreign } from '../foreign-text.ts';
import type { Voice } from '../voice.ts';

export function requirementSentence({ capability }: Requirement, voice: Voice): string {
  const { sentences, words } = voice.speech;
  const { policy } = voice;
  switch (capability.type) {
    case 'controller':
      return sentences.controller(foreign(policy.controller.name), foreign(policy.controller.address));
    case 'jurisdictions':
      return sentences.jurisdictions(
        voice.list(capability.jurisdictions.map((law) => words.jurisdictions[law])),
      );
    case 'languages':
      return sentences.languages(
        voice.list(capability.languages.map((language) => voice.language(language))),
      );
    case 'subjects':
      return sentences.subjects(voice.list(capability.subjects.map((subject) => words.subjects[subject])));
    case 'right':
      return rightSentence(capability, voice);
    case 'identity_check':
      return sentences.identityCheck(capability.level);
    case 'in_transit':
      return sentences.inTransit(capability.scheme);
    case 'at_rest':
      return sentences.atRest(capability.scheme, voice.categories(capability.scope));
    case 'passwords':
      return sentences.passwords(capability.scheme);
    case 'access':
      return sentences.staffAccess(capability.need_to_know, capability.break_glass);
    case 'monitoring':
      return sentences.monitoring;
    case 'audit_chain':
      return sentences.auditChain;
    case 'backups_encrypted':
      return sentences.backupsEncrypted;
    case 'restore_replays_erasures':
      return sentences.erasuresReplayed;
    case 'log_fields': {
      const fields = voice.list(capability.fields.map((field) => words.logFields[field]));
      return sentences.logFields(
        words.logClasses[capability.log],
        fields,
        words.retentionKeys[capability.retention],
      );
    }
    case 'cookie': {
      const { name, purpose, essential } = capability.cookie;
      return sentences.cookie(foreign(name), words.purposes[purpose], essential);
    }
    case 'tracker': {
      const { name, purpose, via, recipient } = capability.tracker;
      const to = recipient === undefined ? '' : voice.nameOf(recipient);
      return sentences.tracker(foreign(name), words.purposes[purpose], via, to);
    }
    case 'consent_receipts':
      return sentences.consentReceipts;
    case 'gpc':
      return sentences.privacySignal(policy.consent.gpc_status === 'show');
    case 'acceptance':
      return sentences.acceptance(capability.mode);
    case 'legal_request_register':
      return sentences.legalRequests(capability.approval);
    case 'sharing_exception': {
      const { when, evidence, approval, reason } = capability.exception;
      return sentences.exception(when, evidence, approval, reason === 'required');
    }
    case 'breach_register':
      return sentences.breachRegister;
    case 'breach_notice':
      return sentences.breachNotice(capability.when);
    case 'change_notice': {
      const said = (way: 'page' | 'in_app' | 'email') => capability.notice.includes(way);
      return sentences.changeNotice(said('page'), said('in_app'), said('email'));
    }
    case 'history':
      return sentences.history(capability.history);
    case 'identity':
      return sentences.identity(voice.list(capability.identity.map((way) => words.identities[way])));
    case 'self_service_deletion':
      return sentences.selfServiceDeletion(
        voice.list(voice.deletionWays().map((way) => words.channels[way])),
      );
    case 'balance_on_deletion':
      return sentences.balance(capability.balance);
    case 'kept_after_deletion':
      return sentences.keptAfterDeletion(voice.list(capability.keys.map((key) => words.retentionKeys[key])));
    case 'evidence':
      return sentences.evidence(capability.publish, capability.sign !== 'none');
  }
}

type RightCapability = Extract<Requirement['capability'], { type: 'right' }>;

function rightSentence({ right, scope, channels, formats }: RightCapability, voice: Voice): string {
  const { sentences, words } = voice.speech;
  const authority = voice.policy.controller.authority?.name;
  const detail =
    right === 'portability'
      ? voice.list((formats ?? []).map((format) => format.toUpperCase()))
      : right === 'complaint' && authority
        ? foreign(authority)
        : '';
  const ways = right === 'complaint' ? [] : channels.map((channel) => words.channels[channel]);
  return sentences.right({ right, detail, scope, channels: voice.list(ways) });
}
