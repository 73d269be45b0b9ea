import fc from 'fast-check';
import { test } from 'vitest';
import type { Chance } from '../../testing/chance.js';
import { fuzzConversations, messagePeerAt, textInput } from '../../testing/fuzz-conversations.js';
import { oddValues } from '../../testing/odd-values.js';
import { PATIENCE_MS } from '../../testing/property-runs.js';
import { acceptFlock } from './flock-connection.js';

const topics = ['a', 'a/b', '#', '+/+', '$SYS/#', '$share/g/a', '$remote/#', '', '\0'];
const types = ['Subscribe', 'Unsubscribe', 'Authenticate', 'Ping'];
const jsons = fc.sample(fc.json({ maxDepth: 2 }), { numRuns: 500, seed: 1 });

const anything = (chance: Chance) => chance.of(oddValues);
const topic = (chance: Chance) => (chance.oneIn(2) ? chance.of(topics) : chance.text(20));
const optional = {
  request_id: (chance: Chance) =>
    chance.oneIn(10) ? anything(chance) : chance.oneIn(2) ? chance.number(99) : topic(chance),
  username: topic,
  password: topic,
};

/** Mostly what looks like a request, with fields that are right more often than not. */
function input(chance: Chance) {
  const kind = chance.number(14);
  if (kind === 0) return textInput(chance.of(jsons));
  if (kind === 1) return textInput(chance.text(40));
  const type = chance.mostly(types, oddValues);
  const where = chance.oneIn(10) ? anything(chance) : topic(chance);
  return textInput(JSON.stringify({ type, topic: where, ...chance.someOf(optional) }));
}

const ANSWER = /^(pong|\{"type":"(response|event)",.*\})$/s;
const NOT_READ = 1007;

test(
  'whatever 20,000 inputs come, each is answered or ends its own connection, and others notice nothing',
  () =>
    fuzzConversations({
      enter: messagePeerAt(acceptFlock),
      input,
      faultIn: (answers, { closedWith }) => {
        const odd = answers.find((answer) => !ANSWER.test(answer));
        if (odd !== undefined) return odd;
        if (closedWith) return closedWith.code === NOT_READ ? null : `closed with ${closedWith.code}`;
        return answers.length === 0 ? 'no answer' : null;
      },
    }),
  PATIENCE_MS,
);
