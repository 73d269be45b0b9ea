import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** For `safeParse`: says what is wrong with a value in the words of this product, for whoever sent it. */
export const inPlainWords = { error: plainIssue };

/** What is wrong with a value, to follow the name of its field. What a schema says itself goes first. */
export function plainIssue(issue: Issue): string {
  if (issue.input === undefined && issue.code.startsWith('invalid_')) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeName(issue.expected)}`;
    case 'invalid_value':
      return `must be ${anyOf(issue.values.map(String))}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return formats[issue.format] ?? 'is not well formed';
    case 'unrecognized_keys':
      return `does not know ${issue.keys.join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return anyBranch(issue);
    default:
      return 'is not valid';
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const formats: Readonly<Record<string, string>> = {
  datetime: 'must be a time, as 2027-01-31T12:00:00Z',
  base64: 'must be base64 with padding',
  safeint: 'must be a whole number',
};

function typeName(expected: string): string {
  return typeNames[expected] ?? 'something else';
}

function tooSmall({ origin, minimum, inclusive }: Issue & { code: 'too_small' }): string {
  const unit = unitOf(origin, minimum);
  if (unit === '') return `must be ${inclusive === false ? 'more than' : 'at least'} ${minimum}`;
  return minimum === 1 ? 'must not be empty' : `must have at least ${minimum}${unit}`;
}

function tooBig({ origin, maximum, inclusive }: Issue & { code: 'too_big' }): string {
  const unit = unitOf(origin, maximum);
  if (unit === '') return `must be ${inclusive === false ? 'less than' : 'at most'} ${maximum}`;
  return `must have at most ${maximum}${unit}`;
}

/** What of it is counted; nothing of a number. */
function unitOf(origin: string, count: number | bigint): string {
  if (origin === 'string') return count === 1 ? ' character' : ' characters';
  if (origin === 'array' || origin === 'set') return count === 1 ? ' item' : ' items';
  return '';
}

/** One of several kinds of value: what each wants, where that can be said in a few words. */
function anyBranch({ errors }: Issue & { code: 'invalid_union' }): string {
  const wanted = errors.flatMap((branch) => {
    const [first] = branch;
    if (first === undefined || first.path.length > 0) return [];
    if (first.code === 'invalid_value') return first.values.map(String);
    return first.code === 'invalid_type' ? [typeName(first.expected)] : [];
  });
  return wanted.length < errors.length || wanted.length === 0 ? 'is not valid' : `must be ${anyOf(wanted)}`;
}

function anyOf(values: readonly string[]): string {
  const [only = 'something else', ...others] = new Set(values);
  const last = others.pop();
  return last === undefined ? only : `${[only, ...others].join(', ')} or ${last}`;
}
