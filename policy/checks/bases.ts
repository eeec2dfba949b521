// E-BASIS and E-CONSENT-IMPLIED: every use rests on something, and consent is given, not presumed.
import type { Policy } from '../model.ts';
import type { Category } from '../vocabulary/categories.ts';
import type { Purpose } from '../vocabulary/purposes.ts';
import { type Check, type Finding, refuse } from './finding.ts';
import { heldEntries } from './held.ts';

export const checkBases: Check = function* (policy) {
  for (const [purpose, said] of Object.entries(policy.purposes)) {
    const path = `purposes.${purpose}`;
    yield* interest(path, said.basis, said.interest);
    if (said.basis === 'consent' && !said.consent) {
      yield refuse(
        'E-CONSENT-IMPLIED',
        path,
        `The purpose ${purpose} rests on consent, and nothing says that anybody is asked.`,
        'Add "consent: {mode: opt_in, default: false}"; using a service is no consent (GDPR Art. 4(11)).',
      );
    }
    if (said.basis !== 'consent' && said.consent) {
      yield refuse(
        'E-CONTRADICTION',
        `${path}.consent`,
        `The purpose ${purpose} asks for consent and rests on ${said.basis}.`,
        'Let its basis be consent, or do not ask.',
      );
    }
    if ((purpose === 'marketing') !== said.marketing) {
      yield refuse(
        'E-CONTRADICTION',
        `${path}.marketing`,
        said.marketing
          ? `The purpose ${purpose} is called marketing; only "marketing" is.`
          : 'The purpose marketing has to say so: objections to it are absolute (GDPR Art. 21(2)).',
        said.marketing ? 'Use the purpose "marketing".' : 'Add "marketing: true".',
      );
    }
  }
  for (const [category, said] of heldEntries(policy)) {
    const path = `data.${category}`;
    yield* interest(path, said.basis, said.interest);
    if (said.basis === 'consent') yield* consentAsked(policy, category, said.purposes);
  }
  for (const [at, of] of policy.consent.explicit_for.entries()) yield* explicit(policy, of, at);
  yield* cookieConsent(policy);
};

function* interest(path: string, basis: string, said: string | undefined): Generator<Finding> {
  if (basis === 'legitimate_interest' && said === undefined) {
    yield refuse(
      'E-BASIS',
      path,
      `"${path}" rests on a legitimate interest and does not say which.`,
      'Add "interest": the interest pursued (GDPR Art. 13(1)(d)).',
    );
  }
}

function* consentAsked(policy: Policy, category: Category, purposes: readonly Purpose[]): Generator<Finding> {
  const asked = purposes.some((purpose) => policy.purposes[purpose]?.consent);
  if (!asked) {
    yield refuse(
      'E-CONSENT-IMPLIED',
      `data.${category}.basis`,
      `"${category}" is collected by consent, and none of its purposes asks for one.`,
      'Give it a purpose whose basis is consent, or another basis.',
    );
  }
}

function* explicit(policy: Policy, of: Category | Purpose, at: number): Generator<Finding> {
  const path = `consent.explicit_for[${at}]`;
  const purpose = policy.purposes[of as Purpose];
  const data = policy.data[of as Category];
  if (!purpose && !data) {
    yield refuse(
      'E-CONTRADICTION',
      path,
      `Consent is asked for ${of}, which this policy does not have.`,
      'Remove it.',
    );
  } else if (data?.collect === 'never') {
    yield refuse('E-CONTRADICTION', path, `Consent is asked for ${of}, which is never held.`, 'Remove it.');
  } else if (purpose && purpose.basis !== 'consent') {
    yield refuse(
      'E-CONTRADICTION',
      path,
      `Consent is asked for ${of}, which rests on ${purpose.basis}.`,
      'Remove it, or let its basis be consent.',
    );
  }
}

/** ePrivacy Directive Art. 5(3): what is not strictly necessary is stored on a device by consent alone. */
function* cookieConsent(policy: Policy): Generator<Finding> {
  const european = policy.policy.jurisdictions.some((each) => each === 'eu-gdpr' || each === 'uk-gdpr');
  if (!european) return;
  for (const [at, cookie] of policy.cookies.list.entries()) {
    if (cookie.essential || policy.purposes[cookie.purpose]?.basis === 'consent') continue;
    yield refuse(
      'E-BASIS',
      `cookies.list[${at}]`,
      `The cookie "${cookie.name}" is not essential, and its purpose ${cookie.purpose} does not rest on consent.`,
      'Use it for a purpose whose basis is consent (ePrivacy Directive Art. 5(3)).',
    );
  }
}
