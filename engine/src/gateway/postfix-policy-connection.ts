import { domainFact, numberFact, textFact } from '../policy/fact-value.js';
import { parseIpAddress } from '../policy/network.js';
import { decodeXtext, senderDomain, verifiedClientName } from '../traffic/facts-from-text.js';
import type { Connection } from './enforcer.js';
import type { PolicyRequest } from './usual-policy-request.js';

/** Longest queue id or instance that is taken over; Postfix's have under 40 characters. */
const MAX_ID_LENGTH = 128;

/**
 * What a policy request tells of a connection.
 *
 * A number of 0 means that Postfix does not know it. `ccert_subject` is the common name of the client's certificate and is
 * empty unless a trusted authority signed that; `ccert_fingerprint` is given for every certificate. Both are xtext.
 */
export function connectionOf(request: PolicyRequest): Connection {
  const { client_address, helo_name, sender, encryption_protocol, ccert_subject, ccert_fingerprint } = request;
  // All keys are there, absent values too: to add them one by one takes twice as long.
  return {
    gateway: 'postfix-policy',
    facts: {
      'client.address': readValue(client_address, (text) => parseIpAddress(textFact(text))),
      'client.name': readValue(verifiedClientName(request.client_name), domainFact),
      helo: readValue(helo_name, domainFact),
      'sender.domain': readValue(sender === undefined ? undefined : senderDomain(sender), domainFact),
      'tls.protocol': readValue(encryption_protocol, textFact),
      'tls.verified': ccert_subject === undefined ? undefined : ccert_subject !== '',
      'tls.name': readValue(ccert_subject, (text) => domainFact(decodeXtext(text))),
      'tls.fingerprint': readValue(ccert_fingerprint, (text) => textFact(decodeXtext(text).toUpperCase())),
      'message.size': readValue(request.size, knownNumber),
      'message.recipients': readValue(request.recipient_count, knownNumber),
    },
    queueId: readValue(request.queue_id, idOf),
    instance: readValue(request.instance, idOf),
  };
}

/** Undefined for what is not told, empty, or no value of its kind. */
function readValue<T>(text: string | undefined, read: (text: string) => T | undefined): T | undefined {
  return text === undefined || text === '' ? undefined : read(text);
}

function knownNumber(text: string): number | undefined {
  return text === '0' ? undefined : numberFact(text);
}

function idOf(text: string): string {
  return text.slice(0, MAX_ID_LENGTH);
}
