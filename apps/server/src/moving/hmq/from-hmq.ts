import type { ConfigInput } from '../../config/read-config.js';
import { namedSettings } from '../../config/setting-names.js';
import { hmqFiles } from './hmq-files.js';
import { readHmq } from './read-hmq.js';
import { translateHmq } from './translate-hmq.js';

/** Takes HMQ's flags and hmq.config for what they mean here, and says so line by line; others pass as they are. */
export function fromHmq(input: ConfigInput, say: (line: string) => void): ConfigInput {
  const given = readHmq(input.args, input.cwd);
  if (given === null) return input;
  const { lines, settings } = translateHmq(given.values, hmqFiles(input));
  say('These are settings of HMQ. What becomes of each:');
  for (const { place, text, fate, says } of lines) say(`  ${place}: ${text} [${fate}] ${says}`);
  const args = Object.entries(settings).map(([key, value]) => `${flagOf(key)}=${textOf(value)}`);
  return { ...input, args: [...args, ...given.others] };
}

function flagOf(key: string): string {
  return namedSettings.find((setting) => setting.key === key)?.flag ?? `--${key}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
