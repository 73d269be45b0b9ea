import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conversationsIn, converse } from '../support/conversation.js';
import { allow } from '../support/operator-api.js';
import { examplesIn, runExample } from '../support/run-examples.js';
import { useServer } from '../support/use-server.js';

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', 'joy-password-1');
  await admin.createUser('ann', 'ann-password-1');
  await admin.setRules([allow('joy', 'pubsub', 'plant/#', 'hall/#', 'garden/#'), allow('joy', 'sub', '$SYS/#')]);
});

describe('the conversations in the description of perch.json are what happens, byte for byte', () => {
  const document = new URL('../../docs/protocols/json.md', import.meta.url);
  const conversations = conversationsIn(readFileSync(document, 'utf8'));

  test('there are some', () => expect(conversations.map((lines) => lines.length > 10)).toEqual([true, true]));

  test.each(conversations.map((lines) => ({ about: lines[1]?.slice(0, 60), lines })))('$about', async ({ lines }) => {
    expect(await converse(perch.server.jsonUrl, lines)).toEqual(lines);
  });
});

describe('the examples of embedding print what their page says', () => {
  const examples = examplesIn('docs/embedding.md');

  test('there are some', () => expect(examples).toHaveLength(4));

  test.each(examples)('$name', async ({ code, output }) => {
    expect(await runExample(code)).toBe(output);
  });
});

describe('the examples of the client library print what its README says', () => {
  const examples = examplesIn('libs/client/README.md');

  test('there are some', () => expect(examples).toHaveLength(3));

  test.each(examples)('$name', async ({ code, output }) => {
    expect(await runExample(code.replaceAll('ws://127.0.0.1:8080/ws', perch.server.jsonUrl))).toBe(output);
  });
});
