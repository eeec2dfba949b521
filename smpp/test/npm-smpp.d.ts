// The part of npm `smpp` that the tests use; the package has no types of its own.
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';

  export interface PeerPdu extends Record<string, unknown> {
    response(fields?: object): PeerPdu;
  }

  type Request = (fields: object, run: (pdu: PeerPdu) => void) => void;

  export interface PeerSession {
    readonly bind_transceiver: Request;
    readonly submit_sm: Request;
    readonly deliver_sm: Request;
    readonly enquire_link: Request;
    readonly unbind: Request;
    send(pdu: PeerPdu): void;
    on(event: string, run: (pdu: PeerPdu) => void): void;
    once(event: string, run: (pdu: PeerPdu) => void): void;
    close(): void;
  }

  export interface PeerServer extends EventEmitter {
    listen(port: number, host: string): void;
    address(): { port: number };
    close(): void;
  }

  const peer: {
    connect(options: object): PeerSession;
    createServer(onSession: (session: PeerSession) => void): PeerServer;
  };
  export default peer;
}
