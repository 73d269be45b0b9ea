import { aPolicy, jsonClient, mqttClient, newBroker } from '@perch/broker/testing';
import { expect, test } from 'vitest';
import { bridgeActions } from '../../config/bridge.schema.js';
import { listenTo } from './broker-events.js';

test('clients are told of, once whichever filters match, and operators who look on are not', () => {
  const it = newBroker({ policy: aPolicy({}) });
  const told: unknown[] = [];
  const wanted = { events: [...bridgeActions], topics: ['plant/#', '+/1'], payloadBytes: 0 };
  const stop = listenTo(it.broker, wanted, ({ action, clientid, topic }) => told.push([action, clientid, topic]));
  const grants = aPolicy({}).grantsFor({ clientId: 'o', username: null, address: null }, 0);
  jsonClient(it, { operator: { name: 'o', grants } }).subscribe('plant/#');
  mqttClient(it, { clientId: 'pump' }).subscribe('plant/+').subscribe('other/2').publish('plant/1', 'x').drop();
  expect(told).toEqual([
    ['connect', 'pump', null],
    ['subscribe', 'pump', 'plant/+'],
    ['publish', 'pump', 'plant/1'],
    ['disconnect', 'pump', null],
    ['unsubscribe', 'pump', 'plant/+'],
  ]);
  stop();
  mqttClient(it, { clientId: 'lathe' }).publish('plant/1', 'x');
  expect(told).not.toContainEqual(['publish', 'lathe', 'plant/1']);
});
