import type { Connection } from './enforcer.js';
import { decodeXtext, factsFromText, senderDomain, verifiedClientName } from './facts-from-text.js';
import type { PolicyRequest } from './postfix-policy-request.js';

/** Longest queue id or instance that is taken over; Postfix's have under 40 characters. */
const MAX_ID_LENGTH = 128;

/**
 * What a policy request tells of a connection.
 *
 * A number of 0 means that Postfix does not know it. `ccert_subject` is the common name of the client's certificate and is
 * empty unless a trusted authority signed that; `ccert_fingerprint` is given for every certificate. Both are xtext.
 */
export function connectionOf(request: PolicyRequest): Connection {
  const subject = request.get('ccert_subject');
  const fingerprint = request.get('ccert_fingerprint');
  const queueId = idOf(request.get('queue_id'));
  const instance = idOf(request.get('instance'));
  return {
    gateway: 'postfix-policy',
    facts: factsFromText({
      'client.address': request.get('client_address'),
      'client.name': verifiedClientName(request.get('client_name')),
      helo: request.get('helo_name'),
      'sender.domain': senderDomain(request.get('sender') ?? ''),
      'tls.protocol': request.get('encryption_protocol'),
      'tls.verified': subject === undefined ? undefined : String(subject !== ''),
      'tls.name': subject === undefined ? undefined : decodeXtext(subject),
      'tls.fingerprint': fingerprint === undefined ? undefined : decodeXtext(fingerprint).toUpperCase(),
      'message.size': knownNumber(request.get('size')),
      'message.recipients': knownNumber(request.get('recipient_count')),
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
