import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildProjectGraph } from './project-graph.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const importRules = ['@nx/enforce-module-boundaries', 'no-restricted-imports'];
const whole = new ESLint({ cwd: root });
/** Only the rules about imports, and without type information, which is most of the time that linting takes. */
const imports = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => importRules.includes(ruleId),
  overrideConfig: { files: ['**/*.ts', '**/*.tsx'], languageOptions: { parserOptions: { projectService: false } } },
});
const TIMEOUT_MS = 60_000;

/** The rules that complain when the file at this path says nothing but this. */
async function complaints(path: string, text: string, eslint = imports): Promise<(string | null)[]> {
  const results = await eslint.lintText(text, { filePath: `${root}${path}` });
  return results.flatMap(({ messages }) => messages).map(({ ruleId }) => ruleId);
}

/**
 * The linter's rules about imports fail silently: without Nx's project graph they pass whatever they are shown. So they are
 * shown what they must refuse.
 */
describe('the linter is awake', { timeout: TIMEOUT_MS }, () => {
  beforeAll(buildProjectGraph, TIMEOUT_MS);

  test.each([
    ['libs/policy/src/index.ts', '@perch/broker'],
    ['libs/wire/src/index.ts', '@perch/policy'],
    ['libs/client/src/index.ts', '@perch/broker'],
    ['libs/client/src/index.ts', '@perch/policy'],
    ['libs/broker/src/index.ts', '@perch/client'],
    ['apps/dashboard/src/app/main.tsx', '@perch/broker'],
  ])('%s may not import %s', async (path, name) => {
    expect(await complaints(path, `export * from '${name}';\n`)).toContain('@nx/enforce-module-boundaries');
  });

  test.each([
    ['libs/client/src/index.ts', '@perch/wire'],
    ['libs/broker/src/index.ts', '@perch/policy'],
    ['apps/dashboard/src/app/main.tsx', '@perch/client'],
  ])('%s may import %s', async (path, name) => {
    expect(await complaints(path, `export * from '${name}';\n`)).toEqual([]);
  });

  test('libs/policy may import neither Node nor a package', async () => {
    for (const name of ['node:crypto', 'zod']) {
      expect(await complaints('libs/policy/src/rule.ts', `export * from '${name}';\n`)).toContain(
        'no-restricted-imports',
      );
    }
  });

  test('libs/broker may import no framework', async () => {
    for (const name of ['@nestjs/common', 'rxjs', 'zod', 'node:events']) {
      expect(await complaints('libs/broker/src/index.ts', `export * from '${name}';\n`)).toContain(
        'no-restricted-imports',
      );
    }
  });

  test('a default export, a dropped promise and a fourth parameter are refused', async () => {
    const text =
      'export default (a: number, b: number, c: number, d: number) => a + b + c + d;\nvoid Promise.resolve();\n';
    expect(await complaints('libs/policy/src/rule.ts', text, whole)).toEqual([
      ...['import-x/no-default-export', 'max-params', '@typescript-eslint/no-floating-promises'],
    ]);
  });
});
