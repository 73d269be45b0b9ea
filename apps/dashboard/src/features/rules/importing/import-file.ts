import type { ImportFormat } from '@perch/policy';

/** What a text looks like: JSON, or the first word of its lines that only one of the formats has. */
export function formatOf(text: string): ImportFormat {
  const lines = text.replace(/^\ufeff/, '').trimStart();
  if (/^[{[]/.test(lines)) return 'mosquitto-dynsec';
  const [, word] = /^[ \t]*(allow|deny|user|topic|pattern)[ \t]/m.exec(lines) ?? [];
  return word === undefined || word === 'allow' || word === 'deny' ? 'acl.conf' : 'mosquitto-acl';
}
