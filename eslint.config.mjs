import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Which library may import which: the arrows of ARCHITECTURE.md, held by the linter. */
const boundaries = [
  { sourceTag: 'scope:policy', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:wire', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:client', onlyDependOnLibsWithTags: ['scope:wire'] },
  { sourceTag: 'scope:broker', onlyDependOnLibsWithTags: ['scope:policy', 'scope:wire'] },
  { sourceTag: 'scope:server', onlyDependOnLibsWithTags: ['scope:policy', 'scope:wire', 'scope:broker'] },
  { sourceTag: 'scope:dashboard', onlyDependOnLibsWithTags: ['scope:policy', 'scope:wire', 'scope:client'] },
  { sourceTag: 'scope:e2e', onlyDependOnLibsWithTags: ['scope:wire', 'scope:client'] },
];

const dataPlaneOnly = ['@nestjs/*', 'rxjs', 'zod', '@prisma/*', 'node:events'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', 'data/**', '.nx/**', '**/*.gen.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['vitest.config.ts', 'e2e/vitest.config.ts', 'apps/*/*.config.ts', 'prisma.config.ts'] }, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, 'import-x': importX },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true, IIFEs: true }],
      'max-params': ['error', 3],
    },
    settings: {
      'import-x/resolver-next': [(await import('eslint-import-resolver-typescript').catch(() => null))?.createTypeScriptImportResolver?.()].filter(Boolean),
    },
  },
  { files: ['libs/broker/src/**'], rules: { 'no-restricted-imports': ['error', { patterns: dataPlaneOnly }] } },
  { files: ['**/*.tsx'], plugins: { 'react-hooks': reactHooks }, rules: { ...reactHooks.configs.recommended.rules, 'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }] } },
  {
    files: ['**/*.{spec,int-spec,e2e}.{ts,tsx}', '**/testing/**', 'e2e/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines-per-function': 'off',
      'max-lines': 'off',
    },
  },
  { files: ['**/*.config.{ts,mjs}', 'eslint.config.mjs'], rules: { 'import-x/no-default-export': 'off' } },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', fetch: 'readonly' } } },
);
