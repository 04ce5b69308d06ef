import type { Connection } from './enforcer.js';
import { decodeXtext, factsFromText, senderDomain, verifiedClientName } from './facts-from-text.js';
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
  const subject = request.ccert_subject;
  const fingerprint = request.ccert_fingerprint;
  const queueId = idOf(request.queue_id);
  const instance = idOf(request.instance);
  return {
    gateway: 'postfix-policy',
    facts: factsFromText({
      'client.address': request.client_address,
      'client.name': verifiedClientName(request.client_name),
      helo: request.helo_name,
      'sender.domain': senderDomain(request.sender ?? ''),
      'tls.protocol': request.encryption_protocol,
      'tls.verified': subject === undefined ? undefined : String(subject !== ''),
      'tls.name': subject === undefined ? undefined : decodeXtext(subject),
      'tls.fingerprint': fingerprint === undefined ? undefined : decodeXtext(fingerprint).toUpperCase(),
      'message.size': knownNumber(request.size),
      'message.recipients': knownNumber(request.recipient_count),
    }),
    ...(queueId === undefined ? {} : { queueId }),
    ...(instance === undefined ? {} : { instance }),
  };
}

function knownNumber(text: string | undefined): string | undefined {
  return text === '0' ? undefined : text;
}

function idOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text.slice(0, MAX_ID_LENGTH);
}
