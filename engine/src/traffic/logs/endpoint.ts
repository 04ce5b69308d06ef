import { parseIpAddress } from '../../policy/network.js';

/** The address of `192.0.2.1`, `192.0.2.1:25`, `2001:db8::1`, `[2001:db8::1]:25` or `[IPv6:2001:db8::1]`. */
export function addressOfEndpoint(text: string): string {
  if (text.length > 100 || parseIpAddress(text) !== undefined) return text;
  const inBrackets = /^\[(?:IPv6:)?([^\]]+)\](?::\d+)?$/i.exec(text)?.[1];
  return inBrackets ?? text.replace(/:\d+$/, '');
}
