import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../harness/free-port.js';
import { runProgram } from '../harness/run-program.js';
import { makeTemporaryFolder } from '../harness/temporary-folder.js';

/** Parameters of `postconf(5)` by name. */
export type PostfixParameters = Readonly<Record<string, string>>;

const START_MILLIS = 30_000;

/**
 * A Postfix of its own: it keeps everything in a temporary folder, listens on 127.0.0.1 and discards what it accepts. Needs
 * root, as Postfix does.
 */
export class Postfix {
  readonly #folder: string;
  readonly #ports: ReadonlyMap<string, number>;

  /**
   * Starts Postfix with one SMTP server for each name, each with parameters of its own.
   *
   * @throws Error with its log where it does not start
   */
  static async start(servers: Readonly<Record<string, PostfixParameters>>): Promise<Postfix> {
    const folder = await makeTemporaryFolder();
    const ports = new Map<string, number>();
    for (const name of Object.keys(servers)) ports.set(name, await freePort());
    const postfix = new Postfix(folder, ports);
    try {
      await writeConfiguration(folder, servers, ports);
      await postfix.#launch();
    } catch (error) {
      const log = await postfix.log();
      await postfix.stop();
      throw new Error(`Postfix does not start: ${String(error)}\n${log}`, { cause: error });
    }
    return postfix;
  }

  private constructor(folder: string, ports: ReadonlyMap<string, number>) {
    this.#folder = folder;
    this.#ports = ports;
  }

  /** The port of an SMTP server. */
  port(name: string): number {
    const port = this.#ports.get(name);
    if (port === undefined) throw new Error(`Postfix has no SMTP server ${name}`);
    return port;
  }

  /** All that it has logged. */
  log(): Promise<string> {
    return readFile(join(this.#folder, 'mail.log'), 'utf8').catch(() => '');
  }

  /** Ends all its processes and removes its folder. */
  async stop(): Promise<void> {
    await runProgram('postfix', ['-c', join(this.#folder, 'etc'), 'abort']).catch(() => {});
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #launch(): Promise<void> {
    const child = spawn('postfix', ['-c', join(this.#folder, 'etc'), 'start'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const [code] = (await once(child, 'exit').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new Error('it is not installed. On Debian: apt-get install postfix swaks');
    })) as [number];
    if (code !== 0) throw new Error(`postfix start ended with ${code}: ${output}`);
    const deadline = Date.now() + START_MILLIS;
    for (const port of this.#ports.values()) {
      while (!(await greets(port))) {
        if (Date.now() > deadline) throw new Error(`nobody answers on port ${port}`);
        await delay(50);
      }
    }
  }
}

async function writeConfiguration(
  folder: string,
  servers: Readonly<Record<string, PostfixParameters>>,
  ports: ReadonlyMap<string, number>,
): Promise<void> {
  const etc = join(folder, 'etc');
  await mkdir(etc);
  await mkdir(join(folder, 'queue'));
  const main = {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    maillog_file: join(folder, 'mail.log'),
    maillog_file_prefixes: folder,
    myhostname: 'mail.contoso.example',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    default_transport: 'discard:',
    alias_maps: '',
    local_recipient_maps: '',
    fast_flush_domains: '',
    smtpd_peername_lookup: 'no',
    milter_connect_timeout: '5s',
    milter_command_timeout: '10s',
  };
  await writeFile(join(etc, 'main.cf'), parameterLines(main));
  const smtpd = Object.entries(servers).map(([name, parameters]) => {
    const options = Object.entries(parameters).map(([key, value]) => `  -o { ${key} = ${value} }\n`);
    return `127.0.0.1:${ports.get(name)} inet n - n - - smtpd\n${options.join('')}`;
  });
  await writeFile(join(etc, 'master.cf'), `${smtpd.join('')}${SERVICES}`);
}

/** The services behind an SMTP server, none of them in a chroot (master(5)). */
const SERVICES = `
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
proxymap  unix  - - n - - proxymap
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
`;

function parameterLines(parameters: PostfixParameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

async function greets(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    const [octets] = (await once(socket, 'data')) as [Buffer];
    return octets.toString().startsWith('220 ');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
