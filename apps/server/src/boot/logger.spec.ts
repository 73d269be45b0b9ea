import { expect, test } from 'vitest';
import { NestLog, newLogger } from './logger.js';

function record(readable: boolean, level = 'info') {
  const lines: string[] = [];
  const logger = newLogger({ level, readable, destination: { write: (line) => lines.push(line) } });
  return { logger, nest: new NestLog(logger), lines };
}

test('a line of JSON has time, level, context and message', () => {
  const { nest, lines } = record(false);
  nest.warn('full', 'broker');
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'warn', context: 'broker', msg: 'full' });
});

test('what is named like a secret is hidden, at the top and one level down', () => {
  const { logger, lines } = record(false);
  const req = { headers: { cookie: 'hunter2', authorization: 'hunter2', host: 'here' } };
  logger.info({ password: 'hunter2', user: { passwordHash: 'hunter2', token: 'hunter2' }, req }, 'hello');
  expect(lines[0]).not.toContain('hunter2');
  expect(lines[0]).toContain('"host":"here"');
});

test('a person gets readable lines, with the stack of an error', () => {
  const { nest, lines } = record(true);
  nest.error(new Error('broken'), 'broker');
  expect(lines.join('')).toMatch(/ERROR.*\[broker\].*broken\n.*Error: broken\n\s+at /s);
});

test('what the framework tells about itself is only for debugging', () => {
  const { nest, lines } = record(false);
  nest.log('Mapped {/x, GET} route', 'RouterExplorer');
  nest.error('listen EADDRINUSE', undefined, 'NestApplication');
  expect(lines).toEqual([]);
});
