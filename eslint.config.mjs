import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { ensureProjectGraph } from './tools/project-graph.mjs';

ensureProjectGraph();

/** Which library may import which: the arrows of ARCHITECTURE.md, held by the linter. */
const boundaries = [
  { sourceTag: 'scope:policy', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:wire', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:client', onlyDependOnLibsWithTags: ['scope:wire'] },
  { sourceTag: 'scope:broker', onlyDependOnLibsWithTags: ['scope:policy', 'scope:wire'] },
  { sourceTag: 'scope:nest', onlyDependOnLibsWithTags: ['scope:broker'] },
  { sourceTag: 'scope:server', onlyDependOnLibsWithTags: ['scope:policy', 'scope:wire', 'scope:broker'] },
  { sourceTag: 'scope:dashboard', onlyDependOnLibsWithTags: ['scope:policy', 'scope:wire', 'scope:client'] },
  { sourceTag: 'scope:e2e', onlyDependOnLibsWithTags: ['scope:wire', 'scope:client'] },
];

/** What browsers do not have on a page that came over plain HTTP from another machine, as many dashboards do. */
const overPlainHttp = [
  { object: 'crypto', property: 'randomUUID', message: 'Missing over plain HTTP: take randomHex.' },
  { object: 'crypto', property: 'subtle', message: 'Missing over plain HTTP.' },
  { object: 'navigator', property: 'clipboard', message: 'Missing over plain HTTP: take copyText or useCopy.' },
];

const specs = ['**/*.{spec,int-spec,e2e}.{ts,tsx}', '**/testing/**', 'e2e/**'];
const functionLines = (max) => ['error', { max, skipBlankLines: true, skipComments: true, IIFEs: true }];

/** As `max-params`, where constructors are given their dependencies and handlers one part of the request per parameter. */
const nestParams = {
  'no-restricted-syntax': [
    'error',
    {
      selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
      message: 'More than 5 dependencies means two classes.',
    },
    {
      selector:
        'FunctionDeclaration[params.length>3], ArrowFunctionExpression[params.length>3], ' +
        ':not(MethodDefinition) > FunctionExpression[params.length>3], ' +
        'MethodDefinition[kind!="constructor"][decorators.length=0] > FunctionExpression[params.length>3]',
      message: 'At most 3 parameters, then an object.',
    },
  ],
};

export default defineConfig(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', 'data/**', '.nx/**', '**/*.gen.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts', 'apps/*/*.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx, 'import-x': importX },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries },
      ],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': functionLines(40),
      'max-params': ['error', 3],
    },
  },
  {
    files: ['libs/policy/src/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'libs/policy runs in Node and in browsers: it imports nothing.' }] },
      ],
    },
  },
  {
    files: ['libs/broker/src/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['@nestjs/*', 'rxjs', 'zod', '@prisma/*', 'node:events'] }],
    },
  },
  { files: ['apps/server/src/**/*.ts'], ignores: specs, rules: { 'max-params': 'off', ...nestParams } },
  {
    files: ['**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // Tells what the React Compiler would skip; the dashboard is built without it.
      'react-hooks/incompatible-library': 'off',
      'max-lines-per-function': functionLines(80),
    },
  },
  {
    files: ['apps/dashboard/src/**/*.{ts,tsx}', 'libs/{client,policy,wire}/src/**/*.ts'],
    ignores: specs,
    rules: { 'no-restricted-properties': ['error', ...overPlainHttp] },
  },
  {
    files: specs,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      // A table of cases has as many parameters as columns.
      'max-params': 'off',
    },
  },
  { files: ['**/*.config.{ts,mts}'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: ['apps/dashboard/public/**/*.js'],
    languageOptions: { globals: { document: 'readonly', localStorage: 'readonly', matchMedia: 'readonly' } },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        AbortSignal: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
