import {
  type AclConfDigits,
  analyseAclConf,
  analyseDynamicSecurity,
  analyseMosquittoAcl,
  type ImportAnalysis,
} from '@perch/policy';

/** The files that can be imported, by the names that the REST API has for them. */
export type ImportFormat = 'acl.conf' | 'mosquitto-acl' | 'mosquitto-dynsec';

/** What a text looks like: JSON, or the first word of its lines that only one of the formats has. */
export function formatOf(text: string): ImportFormat {
  const lines = text.replace(/^\ufeff/, '').trimStart();
  if (/^[{[]/.test(lines)) return 'mosquitto-dynsec';
  const [, word] = /^[ \t]*(allow|deny|user|topic|pattern)[ \t]/m.exec(lines) ?? [];
  return word === undefined || word === 'allow' || word === 'deny' ? 'acl.conf' : 'mosquitto-acl';
}

interface ImportFile {
  readonly format: ImportFormat;
  readonly text: string;
  readonly digits: AclConfDigits;
}

/** What a file comes to here. */
export function analyseFile({ format, text, digits }: ImportFile): ImportAnalysis {
  switch (format) {
    case 'acl.conf':
      return analyseAclConf(text, { digits });
    case 'mosquitto-acl':
      return analyseMosquittoAcl(text);
    case 'mosquitto-dynsec':
      return analyseDynamicSecurity(text);
  }
}
