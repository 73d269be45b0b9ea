import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../testing/test-database.js';
import { copyOut, withClient } from './copy-out.js';

const database = await createTestDatabase({ migrated: false });
const pool = new pg.Pool({ connectionString: database.url, max: 1, query_timeout: 30_000 });
pool.on('error', () => undefined);

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function textsOf(text: string): Promise<string[]> {
  const texts: string[] = [];
  await withClient(pool, (client) => copyOut(client, { text, take: (row) => texts.push(row.text()) }));
  return texts;
}

test('rows come in the order of the query, and none is no error', async () => {
  expect(await textsOf(`SELECT n::text FROM generate_series(1, 3) AS n`)).toEqual(['1', '2', '3']);
  expect(await textsOf(`SELECT 'x' WHERE false`)).toEqual([]);
});

test('a row may be larger than what is read at once', async () => {
  expect(await textsOf(`SELECT repeat('ü', 500000) FROM generate_series(1, 2)`)).toEqual(
    Array(2).fill('ü'.repeat(500_000)),
  );
});

test.each([
  ['no query', 'SELECT FROM FROM', /syntax/],
  ['one that fails half way', 'SELECT (10 / (3 - n))::text FROM generate_series(1, 5) AS n', /zero/],
  ['a connection that breaks', 'SELECT pg_terminate_backend(pg_backend_pid())::text', /terminat/],
])('%s rejects, and the pool goes on', async (_name, text, problem) => {
  await expect(textsOf(text)).rejects.toThrow(problem);
  expect(await textsOf(`SELECT 'still here'`)).toEqual(['still here']);
});

test('when the one who takes the rows throws, it rejects, and the pool goes on', async () => {
  const take = () => {
    throw new Error('no more');
  };
  const text = 'SELECT n::text FROM generate_series(1, 3) AS n';
  await expect(withClient(pool, (client) => copyOut(client, { text, take }))).rejects.toThrow('no more');
  expect(await textsOf(`SELECT 'still here'`)).toEqual(['still here']);
});
