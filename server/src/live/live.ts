// The face of live for main: the relay between processes.
export { openLinks, type RelayLinks } from './relay/links.ts';
export { type Relay, type RelayOptions, startRelay } from './relay/relay.ts';
export { type RelayKeys, relayKeysOf } from './relay/relay-keys.ts';
