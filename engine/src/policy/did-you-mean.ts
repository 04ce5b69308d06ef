import { closest, distance } from 'fastest-levenshtein';

/** The word nearest to a misspelt one, or undefined where none is near: at most a third of its letters differ. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0 || word.length > 200) return undefined;
  const candidate = closest(
    word.toLowerCase(),
    words.map((each) => each.toLowerCase()),
  );
  const original = words.find((each) => each.toLowerCase() === candidate);
  const limit = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
  return distance(word.toLowerCase(), candidate) <= limit ? original : undefined;
}

/** A hint that names the nearest right word, else all words where they are few. */
export function didYouMean(word: string, words: readonly string[]): string | undefined {
  const nearest = nearestWord(word, words);
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  return words.length > 0 && words.length <= 12 ? `One of: ${words.join(', ')}.` : undefined;
}
