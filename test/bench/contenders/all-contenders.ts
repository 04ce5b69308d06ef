import type { Contender, ContenderName } from '../contender.js';
import { CASBIN } from './casbin.js';
import { CEDAR } from './cedar.js';
import { CEL } from './cel.js';
import { HAND_WRITTEN_INDEX } from './hand-written-index.js';
import { JSON_LOGIC } from './json-logic.js';
import { JSON_RULES_ENGINE } from './json-rules-engine.js';
import { LINEAR_WALK } from './linear-walk.js';
import { SLUICE_CONTENDER } from './sluice.js';
import { ZEN_ENGINE } from './zen-engine.js';

const ALL: readonly Contender[] = [
  SLUICE_CONTENDER,
  HAND_WRITTEN_INDEX,
  LINEAR_WALK,
  JSON_RULES_ENGINE,
  JSON_LOGIC,
  ZEN_ENGINE,
  CEDAR,
  CASBIN,
  CEL,
];

/** Finds a contender by its name. To add one: its file, its name in `CONTENDER_NAMES`, a line here. */
export function contenderNamed(name: ContenderName): Contender {
  const found = ALL.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no contender ${name}`);
  return found;
}
