import { test } from 'vitest';
import type { Chance } from '../../testing/chance.js';
import { type FuzzInput, fuzzConversations, messagePeerAt, textInput } from '../../testing/fuzz-conversations.js';
import { oddValues } from '../../testing/odd-values.js';
import { PATIENCE_MS } from '../../testing/property-runs.js';
import { acceptFlywheel } from './flywheel-connection.js';

const topics = ['a', 'a/b', '#', '+/+', '$SYS/#', '$share/g/a', '$remote/fuzzer/rx', '$remote/#', '', '\0', 'a b'];
const sessionIds = ['fuzzer', 'other'];
const authTypes = ['Basic', 'Bearer', 'basic'];

const word = (chance: Chance) => (chance.oneIn(2) ? chance.of(topics) : chance.text(20));
const anything = (chance: Chance) => chance.of(oddValues);
const topicList = (chance: Chance) =>
  chance.oneIn(2)
    ? anything(chance)
    : Array.from({ length: chance.number(5) }, () => (chance.oneIn(10) ? anything(chance) : word(chance)));

/** The fields of a bind, right about half of the time. */
const bind = {
  sessionId: (chance: Chance) => chance.mostly(sessionIds, oddValues, 2),
  auth: (chance: Chance) =>
    chance.oneIn(2)
      ? anything(chance)
      : { type: chance.of(authTypes), ...chance.someOf({ username: word, password: word, token: word }) },
  subscribe: topicList,
  unsubscribe: topicList,
  metadata: anything,
  messageId: anything,
  ['__proto__']: anything,
};

function input(chance: Chance): FuzzInput {
  const kind = chance.number(15);
  if (kind < 6) return textInput(`B ${JSON.stringify(chance.someOf(bind))}`);
  if (kind < 10) return textInput(`P ${word(chance)} ${word(chance)}`);
  if (kind < 13) {
    const head = Buffer.from([chance.of([0x20, 0x30, 0]), 0, chance.number(13)]);
    return { bytes: Buffer.concat([head, chance.bytes(20)]), isText: false };
  }
  return kind === 13 ? textInput(chance.text(40)) : { bytes: chance.bytes(40), isText: false };
}

const ANSWER = /^(B \{"type":"BindResponse","errors":\[.*\],"messageId":".*"\}|R [^ ]+ [^]*|binary 30[0-9a-f]+)$/;

test(
  'whatever 20,000 inputs come, each is answered in its form, nothing throws, and others notice nothing',
  () =>
    fuzzConversations({
      enter: messagePeerAt(acceptFlywheel),
      input,
      faultIn: (answers, { isClosed }) =>
        isClosed ? 'closed' : (answers.find((answer) => !ANSWER.test(answer)) ?? null),
    }),
  PATIENCE_MS,
);
