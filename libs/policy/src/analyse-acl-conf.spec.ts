import { expect, test } from 'vitest';
import { analyseAclConf } from './analyse-acl-conf.js';
import { compilePolicy } from './compile-policy.js';
import { aClient } from './testing/factories.js';

const text = [
  '#deny before all',
  'deny   clientid * 3 secret/#',
  'allow  username joy 1 a/+',
  'allow  clientid * sub #',
].join('\n');

test('the digits, and a deny that is cut out, are told with an example that is true', () => {
  const { rules, settings, remarks, errors } = analyseAclConf(text, { digits: 'pub-sub' });
  expect(errors).toEqual([]);
  expect(remarks.map(({ kind, places, example }) => [kind, places, example?.action, example?.topic])).toEqual([
    ['differs', ['line 3'], 'publish', 'a/x'],
    ['differs', ['rule 1'], 'subscribe', 'secret/x'],
  ]);
  const policy = { rules: rules.map((rule, index) => ({ id: `${index}`, ...rule })), settings };
  for (const { example } of remarks) {
    const grants = compilePolicy(policy).grantsFor(aClient({ username: 'joy' }), 0);
    expect(grants[example!.action](example!.topic).allowed).toBe(example!.here === 'allow');
  }
});

test('a file without digits and denies has nothing to remark, and one with errors has no rules to use', () => {
  expect(analyseAclConf('allow clientid * pub a', { digits: 'pub-sub' })).toMatchObject({ remarks: [], errors: [] });
  expect(analyseAclConf('allow clientid * 4 a\nallow x', { digits: 'pub-sub' }).errors).toMatchObject([
    { line: 1, column: 18, path: null },
    { line: 2 },
    { line: 2 },
  ]);
});
