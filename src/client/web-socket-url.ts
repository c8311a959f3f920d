import { InvalidClientOptionError } from './errors/invalid-client-option-error.ts';

/** @throws InvalidClientOptionError unless it is an absolute address of a WebSocket. */
export function webSocketUrl(url: string): string {
  if (/^wss?:\/\/[^\s#]+$/i.test(url) && URL.canParse(url)) return url;
  throw new InvalidClientOptionError(`expected an address that begins with ws:// or wss:// and has no fragment, got ${url}`);
}
