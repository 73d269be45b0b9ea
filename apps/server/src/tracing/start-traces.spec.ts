import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { configSchema } from '../config/config.schema.js';
import { startTraces } from './start-traces.js';

const source = join(import.meta.dirname, '..');

test('where no endpoint is given there are no traces', async () => {
  expect(await startTraces(configSchema.parse({}), pino({ level: 'silent' }))).toBeNull();
});

test('nothing but the file that is loaded for them knows OpenTelemetry', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const users = files.filter((file) => /from '@opentelemetry\//.test(readFileSync(join(source, file), 'utf8')));
  expect(users).toEqual([join('tracing', 'otlp-traces.ts')]);
  const importers = files.filter((file) => /^import .*otlp-traces/m.test(readFileSync(join(source, file), 'utf8')));
  expect(importers).toEqual([]);
});
