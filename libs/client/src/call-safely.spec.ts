import { expect, test } from 'vitest';
import { callSafely } from './call-safely.js';

test('an exception in a handler is reported as uncaught and does not reach the caller', async () => {
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  try {
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
    callSafely(() => {
      throw new Error('a bug of the application');
    }, undefined);
    expect(await uncaught).toEqual(new Error('a bug of the application'));
  } finally {
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
});
