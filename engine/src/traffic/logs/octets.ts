/** Whether the word stands in the octets at a place before `end`. */
export function isWordAt(octets: Buffer, at: number, end: number, word: Buffer): boolean {
  // Words are short: to compare them here takes less time than a call out of JavaScript.
  if (at + word.length > end) return false;
  for (let index = 0; index < word.length; index++) if (octets[at + index] !== word[index]) return false;
  return true;
}

/** Where the octet stands next; `end` where it does not come. */
export function nextOctet(octets: Buffer, octet: number, start: number, end: number): number {
  let at = start;
  while (at < end && octets[at] !== octet) at++;
  return at;
}

/** Where the octet stands last; `end` where it does not come. */
export function lastOctet(octets: Buffer, octet: number, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) if (octets[at] === octet) return at;
  return end;
}

/** The whole number that the octets write; undefined where they are no digits, or more than 15. */
export function wholeNumber(octets: Buffer, start: number, end: number): number | undefined {
  if (end <= start || end - start > 15) return undefined;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (octets[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}
