import { freePort } from '../harness/free-port.js';
import type { Gateway } from '../harness/sluice-process.js';
import { Postfix } from './postfix.js';

export type Transport = 'TCP' | 'unix sockets';
type Listen = Readonly<Pick<Record<Gateway, string>, 'milter' | 'postfixPolicy'>>;

/** A Postfix that is told of Sluice in all the ways that docs/mail-servers.md shows. */
export interface PostfixWithSluice {
  readonly postfix: Postfix;
  /** Where Sluice has to listen, so that Postfix finds it. */
  readonly listen: Readonly<Record<Transport, Listen>>;
}

/**
 * Starts Postfix with an SMTP server for each way to ask Sluice: `both`, `milter`, `policy`, `milter-unix`, `policy-unix`, and
 * `milter-tempfail` and `policy-default`, which let no mail flow while Sluice is away.
 *
 * @param sockets folder for unix sockets, which user postfix may enter
 */
export async function startPostfixWithSluice(sockets: string): Promise<PostfixWithSluice> {
  const milterPort = await freePort();
  const policyPort = await freePort();
  const milter = { smtpd_milters: `inet:127.0.0.1:${milterPort}` };
  const accept = { milter_default_action: 'accept' };
  const policy = restrictions(`inet:127.0.0.1:${policyPort}, timeout=5s, default_action=DUNNO`);
  const postfix = await Postfix.start({
    both: { ...milter, ...accept, ...policy },
    milter: { ...milter, ...accept },
    policy,
    'milter-unix': { smtpd_milters: `unix:${sockets}/milter.sock`, ...accept },
    'policy-unix': restrictions(`unix:${sockets}/policy.sock, timeout=5s, default_action=DUNNO`),
    'milter-tempfail': { ...milter, milter_default_action: 'tempfail' },
    'policy-default': restrictions(`inet:127.0.0.1:${policyPort}, timeout=5s`),
  });
  return {
    postfix,
    listen: {
      TCP: { milter: `127.0.0.1:${milterPort}`, postfixPolicy: `127.0.0.1:${policyPort}` },
      'unix sockets': {
        milter: `unix:${sockets}/milter.sock?mode=666`,
        postfixPolicy: `unix:${sockets}/policy.sock?mode=666`,
      },
    },
  };
}

function restrictions(policyService: string) {
  return { smtpd_recipient_restrictions: `check_policy_service { ${policyService} }, permit` };
}
