import { namedSettings, type NamedSetting } from './setting-names.js';

const HEAD = `Perch, a message broker with a dashboard.

Usage: npm start -- [flags]

Every setting can be given as a flag, as an environment variable, or in perch.config.json under its camelCase
name (httpPort). Flags win over the environment, the environment over the file.

  --config FILE
      Reads FILE instead of perch.config.json. (PERCH_CONFIG)
  --help
      Prints this.
  --version
      Prints the version.
`;

/** All there is to set, made from the schema. */
export function helpText(): string {
  return [HEAD, ...namedSettings.map(describe)].join('\n');
}

function describe({ flag, variable, describe, allowed, defaultValue }: NamedSetting): string {
  const preset = defaultValue === undefined ? '' : ` Default: ${JSON.stringify(shown(defaultValue))}.`;
  return `  ${flag}\n      ${describe} (${variable})\n      ${capitalise(allowed)}.${preset}`;
}

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Paths are resolved by then; the one of this machine would say nothing. */
function shown(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(process.cwd(), '.') : value;
}
