import type { AclConfDigits } from './parse-acl-conf.js';
import { analyseAclConf } from './analyse-acl-conf.js';
import { analyseDynamicSecurity } from './analyse-dynamic-security.js';
import { analyseMosquittoAcl } from './analyse-mosquitto-acl.js';
import type { ImportAnalysis } from './import-analysis.js';

/** The files that can be imported, by the names that the REST API has for them. */
export type ImportFormat = 'acl.conf' | 'mosquitto-acl' | 'mosquitto-dynsec';

/** A file to be imported; the digits matter to an acl.conf alone. */
export interface ImportedFile {
  readonly format: ImportFormat;
  readonly text: string;
  readonly digits: AclConfDigits;
}

/** What a file comes to here: its rules, what differs in meaning, and all of its errors. */
export function analyseFile({ format, text, digits }: ImportedFile): ImportAnalysis {
  switch (format) {
    case 'acl.conf':
      return analyseAclConf(text, { digits });
    case 'mosquitto-acl':
      return analyseMosquittoAcl(text);
    case 'mosquitto-dynsec':
      return analyseDynamicSecurity(text);
  }
}
