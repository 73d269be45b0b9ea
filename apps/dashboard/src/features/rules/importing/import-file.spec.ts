import { expect, test } from 'vitest';
import { formatOf } from './import-file.js';

test.each([
  ['acl.conf', ''],
  ['acl.conf', '# who may what\n\n  deny clientid * 3 secret/#\n'],
  ['acl.conf', 'allow username user 3 topic/pattern'],
  ['acl.conf', 'what is this'],
  ['mosquitto-acl', '# topic\ntopic read $SYS/#\nuser joy'],
  ['mosquitto-acl', '\ufeffuser allow\r\ntopic deny a'],
  ['mosquitto-acl', 'pattern readwrite devices/%c/#'],
  ['mosquitto-dynsec', ' \n{ "roles": [] }'],
  ['mosquitto-dynsec', '\ufeff{"roles":'],
])('it is %s that begins with %j', (format, text) => {
  expect(formatOf(text)).toBe(format);
});
