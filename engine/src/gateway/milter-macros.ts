import { splitAtNul } from './milter-packet.js';

/** The macros that are read; others are not kept. */
const KEPT = ['i', 'v', 'client_addr', 'tls_version', 'verify', 'cert_subject', 'cn_subject'] as const;
export type MilterMacro = (typeof KEPT)[number];

/** Longest macro value that is kept, in UTF-16 units. */
const MAX_VALUE_LENGTH = 1024;

/** Commands by the stage of a conversation that their macros belong to, the latest first. */
const MESSAGE_STAGES = ['E', 'N', 'L', 'T', 'R', 'M'] as const;
const SESSION_STAGES = ['H', 'C'] as const;

/** The macros that the mail server defined, by the command that each definition came before. */
export class MilterMacros {
  readonly #byCommand = new Map<string, ReadonlyMap<string, string>>();

  /** Takes a definition: a command octet, then names and values, each ended by NUL. It replaces that command's last one. */
  define(data: Buffer): void {
    const command = String.fromCharCode(data[0] ?? 0);
    if (![...MESSAGE_STAGES, ...SESSION_STAGES].some((stage) => stage === command)) return;
    const parts = splitAtNul(data.subarray(1));
    const macros = new Map<string, string>();
    for (let index = 0; index + 1 < parts.length; index += 2) {
      const name = bareName(parts[index] ?? '');
      if (KEPT.some((kept) => kept === name)) macros.set(name, (parts[index + 1] ?? '').slice(0, MAX_VALUE_LENGTH));
    }
    this.#byCommand.set(command, macros);
  }

  /** The value that was defined last; undefined where there is none. */
  get(name: MilterMacro): string | undefined {
    for (const stage of [...MESSAGE_STAGES, ...SESSION_STAGES]) {
      const value = this.#byCommand.get(stage)?.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Forgets the macros of a message; with `except`, not those of the command that begins the next. */
  forgetMessage(except?: 'M'): void {
    for (const stage of MESSAGE_STAGES) if (stage !== except) this.#byCommand.delete(stage);
  }

  /** Forgets all but the macros of the command that begins a session. */
  forgetSession(except?: 'C'): void {
    this.forgetMessage();
    for (const stage of SESSION_STAGES) if (stage !== except) this.#byCommand.delete(stage);
  }
}

/** `{i}` and `i` are one macro. */
function bareName(name: string): string {
  return name.startsWith('{') && name.endsWith('}') ? name.slice(1, -1) : name;
}
