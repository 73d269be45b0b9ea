import type { CorpusGroup } from './corpus-group.js';
import { lifetimes } from './lifetimes.js';
import { matching } from './matching.js';
import { overlaps } from './overlaps.js';
import { placeholders } from './placeholders.js';
import { subjects } from './subjects.js';
import { traps } from './traps.js';

/** Judged cases, written by thought and not by asking the engine: what a rule means, example by example. */
export const corpus: readonly CorpusGroup[] = [
  ...matching,
  ...subjects,
  ...placeholders,
  ...overlaps,
  ...lifetimes,
  ...traps,
];
