import type { EpochMillis } from '../../policy/instant.js';
import type { LogFile, LogReadingOptions } from './log-format.js';
import { isWordAt } from './octets.js';
import { SyslogClock } from './syslog-clock.js';

const [BLANK, COLON, OPEN, CLOSE, LESS, GREATER, ZERO, SLASH] = [0x20, 0x3a, 0x5b, 0x5d, 0x3c, 0x3e, 0x30, 0x2f];
const MAX_PRIORITY_OCTETS = 5;

/** Reads the head of syslog lines: `Dec 24 06:04:47 host program[pid]: text`, with or without `<22>` before it. */
export class SyslogLines {
  readonly #clock: SyslogClock;
  readonly #hosts = new Map<string, number>();
  #lastHost = Buffer.alloc(0);
  #lastHostNumber = -1;
  at = 0 as EpochMillis;
  hostStart = 0;
  hostEnd = 0;
  /** The program's name; of `postfix/submission/smtpd` the last part. */
  programStart = 0;
  programEnd = 0;
  /** -1 where there is none. */
  pid = -1;
  textStart = 0;

  constructor(options: LogReadingOptions) {
    this.#clock = new SyslogClock(options);
  }

  startFile(file: LogFile): void {
    this.#clock.startFile(file);
  }

  /** Reads one line; what was read stands in the fields until the next. @returns what is wrong with the line, if anything */
  read(octets: Buffer, start: number, end: number): string | undefined {
    const stamp = this.#clock.read(octets, behindPriority(octets, start, end), end);
    if (stamp === undefined) return 'no time stamp';
    this.at = stamp.at;
    this.hostStart = stamp.end;
    let at = stamp.end;
    while (at < end && octets[at] !== BLANK) at++;
    this.hostEnd = at;
    return this.#readProgram(octets, at + 1, end) ? undefined : 'no program behind the host';
  }

  /** A small number for the host of the line. */
  hostNumber(octets: Buffer): number {
    const isLast =
      this.hostEnd - this.hostStart === this.#lastHost.length &&
      isWordAt(octets, this.hostStart, this.hostEnd, this.#lastHost);
    if (isLast && this.#lastHostNumber >= 0) return this.#lastHostNumber;
    this.#lastHost = Buffer.from(octets.subarray(this.hostStart, this.hostEnd));
    this.#lastHostNumber = this.#numberOf(octets);
    return this.#lastHostNumber;
  }

  #numberOf(octets: Buffer): number {
    const host = octets.toString('latin1', this.hostStart, this.hostEnd);
    const number = this.#hosts.get(host) ?? this.#hosts.size;
    // Hosts beyond any number that one log has share the last.
    if (number < MAX_HOSTS) this.#hosts.set(host, number);
    return Math.min(number, MAX_HOSTS);
  }

  #readProgram(octets: Buffer, start: number, end: number): boolean {
    this.programStart = start;
    this.pid = -1;
    let at = start;
    for (; at < end; at++) {
      const octet = octets[at];
      if (octet === SLASH) this.programStart = at + 1;
      else if (octet === OPEN || octet === COLON || octet === BLANK) break;
    }
    this.programEnd = at;
    if (at >= end) return false;
    if (octets[at] === OPEN) at = this.#readPid(octets, at + 1, end);
    if (octets[at] === COLON) at++;
    this.textStart = octets[at] === BLANK ? at + 1 : at;
    return true;
  }

  #readPid(octets: Buffer, start: number, end: number): number {
    let [pid, at] = [0, start];
    for (; at < end && octets[at] !== CLOSE; at++) {
      const digit = (octets[at] ?? 0) - ZERO;
      pid = digit >= 0 && digit <= 9 && pid >= 0 && pid < MAX_PID ? pid * 10 + digit : -1;
    }
    this.pid = pid;
    return at + 1;
  }
}

const MAX_HOSTS = 4096;
const MAX_PID = 100_000_000;

/** A number for a process of a host, from {@link SyslogLines.hostNumber}. */
export function processKey(host: number, pid: number): number {
  return host * 2 ** 32 + pid;
}

/** When a syslog line was written; undefined where it has no time stamp. */
export function syslogInstant(text: string, file: LogFile, options: LogReadingOptions): EpochMillis | undefined {
  const clock = new SyslogClock(options);
  clock.startFile(file);
  const octets = Buffer.from(text.slice(0, MAX_STAMP_LENGTH));
  return clock.read(octets, behindPriority(octets, 0, octets.length), octets.length)?.at;
}

/** A priority, a date and time, and what follows them. */
const MAX_STAMP_LENGTH = 64;

/** Where a line begins behind `<22>`, which is left out. */
export function behindPriority(octets: Buffer, start: number, end: number): number {
  if (octets[start] !== LESS) return start;
  for (let at = start + 1; at < Math.min(end, start + MAX_PRIORITY_OCTETS); at++) {
    if (octets[at] === GREATER) return at + 1;
  }
  return start;
}
