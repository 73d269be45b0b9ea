import { expect, test } from 'vitest';
import { readFrame } from './read-frame.js';

test.each([
  '{"type":"bind","id":0}',
  '{"type":"bind","id":1,"clientId":"pump-7","auth":{"type":"basic","username":"joy","password":""}}',
  '{"type":"subscribe","id":2,"filters":["a",{"filter":"b"},{"filter":"c","retainHandling":2}]}',
  '{"type":"unsubscribe","id":3,"filters":["a"]}',
  '{"type":"publish","topic":"a","payload":""}',
  '{"type":"publish","id":9007199254740991,"topic":"a","payload":"AA==","encoding":"base64","qos":1,"retain":true}',
  '{"type":"messages","messages":[{"topic":"a","payload":"1"},{"topic":"a","payload":"AA==","encoding":"base64","qos":1}]}',
  '{"type":"bind","id":1,"auth":{"type":"none"},"resume":true}',
  '{"type":"bind","id":1,"auth":{"type":"bearer","token":"t"},"resume":{"session":"s","offset":7}}',
  '{"type":"ping","offset":7}',
  '{"type":"ping"}',
  '{"type":"ping","of a later version":[1,2]}',
])('%s is a frame', (text) => {
  expect(readFrame(text)).toEqual({ frame: JSON.parse(text) as unknown, fault: null });
});

test.each([
  ['', 'the frame must be a JSON object'],
  ['{', 'the frame must be a JSON object'],
  ['null', 'the frame must be a JSON object'],
  ['[]', 'the frame must be a JSON object'],
  ['"ping"', 'the frame must be a JSON object'],
  ['{}', 'type: must be one of bind, subscribe, unsubscribe, publish, messages, ping'],
  ['{"type":"connect"}', 'type: must be one of bind, subscribe, unsubscribe, publish, messages, ping'],
  ['{"type":"toString"}', 'type: must be one of bind, subscribe, unsubscribe, publish, messages, ping'],
  ['{"type":["ping"]}', 'type: must be one of bind, subscribe, unsubscribe, publish, messages, ping'],
])('%s is foreign: %s', (text, message) => {
  expect(readFrame(text).fault).toEqual({ id: null, message, isForeign: true });
});

const idMessage = 'id: must be a whole number from 0 to 2^53-1';

test.each([
  ['{"type":"bind"}', null, idMessage],
  ['{"type":"bind","id":-1}', null, idMessage],
  ['{"type":"bind","id":1.5}', null, idMessage],
  ['{"type":"bind","id":"1"}', null, idMessage],
  ['{"type":"bind","id":9007199254740992}', null, idMessage],
  ['{"type":"bind","id":1,"clientId":7}', 1, 'clientId: must be a string'],
  ['{"type":"bind","id":1,"auth":null}', 1, 'auth: must be an object'],
  ['{"type":"bind","id":1,"auth":{"type":"digest"}}', 1, 'auth.type: must be none, basic or bearer'],
  ['{"type":"bind","id":1,"auth":{"type":"bearer"}}', 1, 'auth.token: must be a string'],
  ['{"type":"bind","id":1,"resume":false}', 1, 'resume: must be true or an object'],
  ['{"type":"bind","id":1,"resume":{"offset":0}}', 1, 'resume.session: must be a string'],
  ['{"type":"bind","id":1,"resume":{"session":"s","offset":-1}}', 1, `resume.offset: ${idMessage.slice(4)}`],
  ['{"type":"ping","offset":"1"}', null, `offset: ${idMessage.slice(4)}`],
  ['{"type":"messages","id":1}', 1, 'messages: must be a list'],
  ['{"type":"messages","id":1,"messages":[]}', 1, 'messages: must have 1 to 1000 items'],
  ['{"type":"messages","id":1,"messages":["a"]}', 1, 'messages[0]: must be an object'],
  [
    '{"type":"messages","messages":[{"topic":"a","payload":""},{"topic":"a"}]}',
    null,
    'messages[1].payload: must be a string',
  ],
  ['{"type":"bind","id":1,"auth":{"type":"basic","password":"x"}}', 1, 'auth.username: must be a string'],
  ['{"type":"bind","id":1,"auth":{"type":"basic","username":"x"}}', 1, 'auth.password: must be a string'],
  ['{"type":"subscribe","id":1}', 1, 'filters: must be a list'],
  ['{"type":"subscribe","id":1,"filters":"a"}', 1, 'filters: must be a list'],
  ['{"type":"subscribe","id":1,"filters":[]}', 1, 'filters: must have 1 to 100 items'],
  [`{"type":"subscribe","id":1,"filters":[${'"a",'.repeat(100)}"a"]}`, 1, 'filters: must have 1 to 100 items'],
  ['{"type":"subscribe","id":1,"filters":["a",7]}', 1, 'filters[1]: must be a string or an object'],
  ['{"type":"subscribe","id":1,"filters":[{}]}', 1, 'filters[0].filter: must be a string'],
  [
    '{"type":"subscribe","id":1,"filters":[{"filter":"a","retainHandling":3}]}',
    1,
    'filters[0].retainHandling: must be 0, 1 or 2',
  ],
  ['{"type":"unsubscribe","id":1,"filters":[{"filter":"a"}]}', 1, 'filters[0]: must be a string'],
  ['{"type":"publish","payload":""}', null, 'topic: must be a string'],
  ['{"type":"publish","id":null,"topic":"a","payload":""}', null, idMessage],
  ['{"type":"publish","id":4,"topic":"a"}', 4, 'payload: must be a string'],
  ['{"type":"publish","id":4,"topic":"a","payload":{}}', 4, 'payload: must be a string'],
  ['{"type":"publish","id":4,"topic":"a","payload":"","encoding":"hex"}', 4, 'encoding: must be utf8 or base64'],
  [
    '{"type":"publish","id":4,"topic":"a","payload":"A","encoding":"base64"}',
    4,
    'payload: must be base64 with padding',
  ],
  [
    '{"type":"publish","id":4,"topic":"a","payload":"A-_=","encoding":"base64"}',
    4,
    'payload: must be base64 with padding',
  ],
  ['{"type":"publish","id":4,"topic":"a","payload":"","qos":2}', 4, 'qos: must be 0 or 1'],
  ['{"type":"publish","id":4,"topic":"a","payload":"","retain":1}', 4, 'retain: must be true or false'],
])('%s is answered to %s: %s', (text, id, message) => {
  expect(readFrame(text).fault).toEqual({ id, message, isForeign: false });
});
