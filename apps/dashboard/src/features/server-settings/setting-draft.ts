import type { Setting } from '../../shared/api/generated/types.gen.js';
import { formatCount } from '../../shared/ui/format.js';
import { serverSettingsTexts } from './texts.js';

/** New values by the name of the setting; null brings the default back. */
export type SettingDraft = Readonly<Record<string, Setting['value']>>;

/** What a setting is to be: as drafted, as saved for the next start, or as it is. */
export function wantedOf(setting: Setting, draft: SettingDraft): Setting['value'] {
  const drafted = draft[setting.key];
  if (drafted === null) return setting.defaultValue;
  return drafted ?? savedOf(setting);
}

/** What is saved of it. */
export function savedOf({ isPending, saved, value }: Setting): Setting['value'] {
  return isPending ? saved : value;
}

/** The draft with a change; one that changes nothing leaves it. */
export function withChange(draft: SettingDraft, setting: Setting, value: Setting['value']): SettingDraft {
  const rest = Object.fromEntries(Object.entries(draft).filter(([key]) => key !== setting.key));
  const isBack = value === null && setting.source !== 'dashboard';
  return isBack || value === savedOf(setting) ? rest : { ...rest, [setting.key]: value };
}

/** A value in words. A number of a text, such as a port, is written as it is. */
export function wordsOf(value: Setting['value'], kind?: Setting['kind']): string {
  if (value === null || value === '') return serverSettingsTexts.none;
  if (typeof value === 'boolean') return value ? serverSettingsTexts.on : serverSettingsTexts.off;
  return typeof value === 'number' && kind !== 'text' ? formatCount(value) : String(value);
}

const acronyms = /\b(https?|mqtts?|tls|scram|url|ca|qos)\b/gi;

/** The name of a setting as people read it: `maxTopicBytes` is "Max topic bytes". */
export function nameOf(key: string): string {
  const words = key.replaceAll(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`).replace(/ ms$/, ', ms');
  const named = words.charAt(0).toUpperCase() + words.slice(1);
  return named.replaceAll(acronyms, (letters) => letters.toUpperCase());
}
