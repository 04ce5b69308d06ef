import { encodeMilterPacket } from './milter-packet.js';

/** Version of the protocol that is spoken (SMFI_PROT_VERSION of mfdef.h), and the oldest that libmilter still speaks. */
export const MILTER_VERSION = 6;
const OLDEST_VERSION = 2;

/** Action: the filter may choose its macros (SMFIF_SETSYMLIST of mfapi.h). The only one asked for: messages stay as they are. */
const SMFIF_SETSYMLIST = 0x100;

/** Steps of a conversation that a filter may ask the mail server to leave out (SMFIP_* of mfdef.h). */
export const STEPS = {
  noBody: 0x10,
  noReplyToHeader: 0x80,
  noUnknown: 0x100,
  noData: 0x200,
  noReplyToConnect: 0x1000,
  noReplyToHelo: 0x2000,
  noReplyToRecipient: 0x8000,
  noReplyToData: 0x1_0000,
  noReplyToUnknown: 0x2_0000,
  headerLeadingSpace: 0x10_0000,
} as const;

/** The macros that are asked for, by stage (SMFIM_* of mfapi.h); `{verify}` is Sendmail's, and not sent unless asked for. */
const TLS_MACROS = '{tls_version} {verify} {cert_subject} {cn_subject}';
const MACROS: readonly (readonly [stage: number, names: string])[] = [
  [0, 'v {client_addr}'],
  [1, TLS_MACROS],
  [2, `i ${TLS_MACROS}`],
  [6, 'i'],
];

/** What was agreed on. */
export interface MilterAgreement {
  readonly version: number;
  /** The {@link STEPS} that the mail server leaves out. */
  readonly steps: number;
  /** Whether the mail server sends the macros that were asked for, rather than those it is configured to. */
  readonly choosesMacros: boolean;
}

export type NegotiationResult =
  | { readonly ok: true; readonly agreement: MilterAgreement; readonly reply: Buffer }
  | { readonly ok: false; readonly problem: string };

/** Answers the mail server's offer: three numbers of 32 bits, for version, actions and steps. Nothing is asked for that it does not offer. */
export function negotiate(data: Buffer): NegotiationResult {
  if (data.length < 12) return { ok: false, problem: 'an offer of fewer than 12 octets' };
  const offeredVersion = data.readUInt32BE(0);
  if (offeredVersion < OLDEST_VERSION) {
    return {
      ok: false,
      problem: `an offer of version ${offeredVersion}; ${OLDEST_VERSION} to ${MILTER_VERSION} are spoken`,
    };
  }
  const version = Math.min(offeredVersion, MILTER_VERSION);
  const actions = (data.readUInt32BE(4) & SMFIF_SETSYMLIST) >>> 0;
  const steps = (data.readUInt32BE(8) & wantedSteps(version)) >>> 0;
  const answer = Buffer.alloc(12);
  answer.writeUInt32BE(version, 0);
  answer.writeUInt32BE(actions, 4);
  answer.writeUInt32BE(steps, 8);
  const choosesMacros = actions !== 0;
  const reply = encodeMilterPacket('O', choosesMacros ? Buffer.concat([answer, macroLists()]) : answer);
  return { ok: true, agreement: { version, steps, choosesMacros }, reply };
}

/** Before version 6 there are no macros at the end of the headers: then DATA brings the queue id. */
function wantedSteps(version: number): number {
  const all = Object.values(STEPS).reduce((sum, step) => sum | step, 0);
  return version >= 6 ? all : all & ~STEPS.noData;
}

function macroLists(): Buffer {
  return Buffer.concat(
    MACROS.map(([stage, names]) => {
      const list = Buffer.alloc(4 + names.length + 1);
      list.writeUInt32BE(stage, 0);
      list.write(names, 4, 'latin1');
      return list;
    }),
  );
}
