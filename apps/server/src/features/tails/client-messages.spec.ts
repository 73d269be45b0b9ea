import type { Session } from '@perch/broker';
import { expect, test } from 'vitest';
import { ClientMessages } from './client-messages.js';

const subscriptions = new Map<string, { topicFilter: string; exclusions: string[] | null }>();
const sessions = { get: (id: string) => (id === 'pump' ? ({ subscriptions } as unknown as Session) : undefined) };
const message = (topic: string, publisher = 'other') => ({ topic, publisher });

test('a client has what it publishes, and what its subscriptions let through', () => {
  subscriptions.set('$share/g/plant/#', { topicFilter: 'plant/#', exclusions: ['plant/secret'] });
  const messages = new ClientMessages(sessions, 'pump');
  expect(messages.has(message('elsewhere', 'pump'))).toBe(true);
  expect(messages.has(message('plant/1'))).toBe(true);
  expect(messages.has(message('plant/secret'))).toBe(false);
  expect(messages.has(message('elsewhere'))).toBe(false);
  expect(new ClientMessages(sessions, 'nobody').has(message('plant/1'))).toBe(false);
});

test('a change of its subscriptions counts once what was known is forgotten', () => {
  const messages = new ClientMessages(sessions, 'pump');
  expect(messages.has(message('new/1'))).toBe(false);
  subscriptions.set('new/+', { topicFilter: 'new/+', exclusions: null });
  messages.forget();
  expect(messages.has(message('new/1'))).toBe(true);
});
