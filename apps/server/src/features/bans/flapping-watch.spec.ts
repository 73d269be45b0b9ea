import { expect, test } from 'vitest';
import { storyOf } from './flapping-watch.js';

const story = (takeovers: number, ...addresses: string[]) =>
  storyOf({ clientId: 'pump', disconnects: 15, takeovers, addresses }, 60);

test('what flaps is told as what it is', () => {
  expect(story(0)).toBe('flapping: 15 disconnects in 60 s');
  expect(story(7, 'a', 'b')).toBe('flapping: 15 disconnects in 60 s');
  expect(story(15, 'a', 'b')).toBe('flapping: 15 disconnects in 60 s; two clients use this id, at a and b');
  expect(story(15, 'a', 'b', 'c')).toBe(
    'flapping: 15 disconnects in 60 s; several clients use this id, at a, b and elsewhere',
  );
  expect(story(15, 'a')).toBe(
    'flapping: 15 disconnects in 60 s, 15 of them takeovers from the same address: two clients there may use this id',
  );
});
