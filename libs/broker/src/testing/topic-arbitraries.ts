import fc from 'fast-check';

const names = ['a', 'b', 'c', '', '$SYS', '$s', 'ü'];
const anyName = fc.constantFrom(...names);

/** Topics over a few names, the empty level and `$` names, so that filters meet them often. */
export const anyTopic: fc.Arbitrary<string> = fc
  .array(anyName, { minLength: 1, maxLength: 5 })
  .map((levels) => levels.join('/'))
  .filter((topic) => topic !== '');

/** Filters over the same names, with wildcards where they may be. */
export const anyPlainFilter: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.constantFrom(...names, '+', '+'), { maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => (isOpen ? [...levels, '#'] : levels).join('/'))
  .filter((filter) => filter !== '');

/** The same, some of them shared. */
export const anyFilter: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '', '', '$share/g/', '$share/h/'), anyPlainFilter)
  .map(([share, filter]) => share + filter);
