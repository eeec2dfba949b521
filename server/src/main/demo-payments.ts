// Development and tests: providers of payments that move no money, with pages where a developer clicks "pay", so that a
// balance can be topped up on a machine with nothing set up. Production never gets here: it refuses the simulator.
import type { Policy } from '@sotto/policy';
import { overHttp, startFakeBtcpay, startFakeStripe } from '@sotto/simulator';
import type { PaymentSettings } from '#payments';

export interface DemoPayments {
  /** The operator's settings, and beside them what is played here. */
  readonly settings: PaymentSettings;
  /** Tells the providers where notices go, once that is known. */
  listen(baseUrl: string): void;
  stop(): Promise<void>;
}

/** Plays the providers that are not set up, as far as the policy knows somebody who takes such payments. */
export async function startDemoPayments(
  settings: PaymentSettings,
  { recipients }: Pick<Policy, 'recipients'>,
): Promise<DemoPayments> {
  const knows = (recipient: string) => Object.hasOwn(recipients, recipient);
  const stripe = settings.stripe === null && knows('payment_provider') ? await startFakeStripe() : null;
  const btcpay = settings.btcpay === null && knows('crypto_gateway') ? await startFakeBtcpay() : null;
  return {
    settings: {
      ...settings,
      ...(stripe === null ? {} : { stripe: { ...stripe, live: false } }),
      ...(btcpay === null ? {} : { btcpay }),
    },
    listen(baseUrl) {
      stripe?.listen(overHttp(`${baseUrl}/v1/payment-notices/stripe`));
      btcpay?.listen(overHttp(`${baseUrl}/v1/payment-notices/btcpay`));
    },
    async stop() {
      await Promise.all([stripe?.stop(), btcpay?.stop()]);
    },
  };
}
