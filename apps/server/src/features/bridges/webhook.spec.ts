import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { signatureOf } from './webhook.js';

type Check = (header: string | undefined, body: string, secret: string, nowSeconds?: number) => boolean;

/** The function that the documentation gives to those who write a receiver, as it stands there. */
async function documented(): Promise<Check> {
  const page = readFileSync(new URL('../../../../../docs/bridges.md', import.meta.url), 'utf8');
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
    isFromPerch: Check;
  };
  return module.isFromPerch;
}

test('the documented check takes what is signed, and nothing that was changed, is old or is not signed', async () => {
  const isFromPerch = await documented();
  const body = '{"events":["grün"]}';
  const header = signatureOf(body, 'the secret of both', 1_767_225_600);
  expect(isFromPerch(header, body, 'the secret of both', 1_767_225_700)).toBe(true);
  expect(isFromPerch(header, `${body} `, 'the secret of both', 1_767_225_700)).toBe(false);
  expect(isFromPerch(header, body, 'another secret', 1_767_225_700)).toBe(false);
  expect(isFromPerch(header, body, 'the secret of both', 1_767_226_000)).toBe(false);
  expect(isFromPerch(header.replace('t=1767225600', 't=1767225601'), body, 'the secret of both', 1_767_225_700)).toBe(
    false,
  );
  expect(isFromPerch(undefined, body, 'the secret of both')).toBe(false);
});
