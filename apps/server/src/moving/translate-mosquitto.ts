import type { Directive } from './mosquitto-conf.js';
import { meaningOf } from './mosquitto-keys.js';
import { type ListenerDraft, MosquittoListeners } from './mosquitto-listeners.js';
import type { TranslatedLine } from './translation.js';

/** What a mosquitto.conf comes to here. */
export interface MosquittoTranslation {
  readonly lines: readonly TranslatedLine[];
  /** For perch.config.json. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly passwordFiles: readonly string[];
  readonly aclFiles: readonly string[];
  /** The documents of the dynamic-security plugin. */
  readonly dynamicSecurityFiles: readonly string[];
  /** There are lines, and none is known: this is the file of something else. */
  readonly isForeign: boolean;
}

type Fate = Pick<TranslatedLine, 'fate' | 'says'>;

const HTTP_PORTS = [8080, 8081, 8088];

/** Says line by line what each directive becomes. */
export function translateMosquitto(directives: readonly Directive[]): MosquittoTranslation {
  const work = new Work(directives.some(({ key, value }) => key === 'per_listener_settings' && value === 'true'));
  const lines = directives.map((directive): TranslatedLine => {
    const { key, value, place } = directive;
    const isSecret = /password$/.test(key);
    return { place, text: `${key} ${isSecret ? '…' : value}`.trim(), ...work.take(directive) };
  });
  const isForeign = lines.length > 0 && lines.length === work.unknownLines;
  return { ...work.result(), lines: [...lines, ...work.remarks()], isForeign };
}

class Work {
  unknownLines = 0;
  private readonly settings: Record<string, unknown> = {};
  private readonly listeners = new MosquittoListeners();
  private readonly passwordFiles: string[] = [];
  private readonly aclFiles: string[] = [];
  private readonly dynamicSecurityFiles: string[] = [];
  private plugin = '';
  private isAnonymous: boolean | null = null;

  constructor(private readonly isPerListener: boolean) {}

  take(directive: Directive): Fate {
    return this.listeners.take(directive) ?? this.takeAccess(directive) ?? this.takeGlobal(directive);
  }

  result(): Omit<MosquittoTranslation, 'lines' | 'isForeign'> {
    const { passwordFiles, aclFiles, dynamicSecurityFiles } = this;
    const drafts = this.listeners.drafts;
    const taken = new Set(drafts.map(({ port }) => port));
    const httpPort = HTTP_PORTS.find((port) => !taken.has(port)) ?? 0;
    const settings = {
      ...this.settings,
      ...(this.isAnonymous === null ? {} : { allowAnonymous: this.isAnonymous }),
      ...(httpPort === HTTP_PORTS[0] ? {} : { httpPort }),
      mqttPort: 'off',
      listeners: drafts.map(entryOf),
    };
    return { settings, passwordFiles, aclFiles, dynamicSecurityFiles };
  }

  /** What is nobody's line and still has to be known. */
  remarks(): TranslatedLine[] {
    const noAcl = this.aclFiles.length + this.dynamicSecurityFiles.length === 0;
    const says =
      'Without an acl_file Mosquitto allows everything; Perch denies what no rule allows. Add the rules you want.';
    return noAcl ? [{ place: '-', text: '(no acl_file)', fate: 'differs', says }] : [];
  }

  private takeGlobal({ key, value }: Directive): Fate {
    const meaning = meaningOf(key, value);
    if (!meaning) {
      this.unknownLines += 1;
      return { fate: 'left-out', says: 'This is no key of Mosquitto 2 that is known here.' };
    }
    const { set, ...fate } = meaning;
    Object.assign(this.settings, set);
    return fate;
  }

  private takeAccess({ key, value }: Directive): Fate | null {
    switch (key) {
      case 'allow_anonymous':
        return this.takeAnonymous(value === 'true');
      case 'password_file':
        this.passwordFiles.push(value);
        return { fate: 'kept', says: `The users of ${value} are imported.` };
      case 'acl_file':
        this.aclFiles.push(value);
        return { fate: 'kept', says: `The rules of ${value} are imported.` };
      case 'plugin':
      case 'auth_plugin':
        this.plugin = value;
        return this.isDynamicSecurity
          ? { fate: 'kept', says: 'Its users and rules are imported.' }
          : {
              fate: 'left-out',
              says: 'Plugins of Mosquitto do not run here: an authenticator over HTTP may do the same.',
            };
      case 'plugin_opt_config_file':
      case 'auth_opt_config_file':
        if (this.isDynamicSecurity) this.dynamicSecurityFiles.push(value);
        return { fate: 'kept', says: `The users and rules of ${value} are imported.` };
      default:
        return /^(plugin|auth)_opt_/.test(key) ? { fate: 'left-out', says: 'It belongs to a plugin.' } : null;
    }
  }

  private takeAnonymous(isAllowed: boolean): Fate {
    if (this.isPerListener) this.listeners.setAnonymous(isAllowed);
    else this.isAnonymous = isAllowed;
    return {
      fate: 'kept',
      says: isAllowed ? 'Whoever comes without a name may, as far as rules allow.' : 'As by default.',
    };
  }

  private get isDynamicSecurity(): boolean {
    return /dynamic_security/.test(this.plugin);
  }
}

function entryOf({ tls, ...listener }: ListenerDraft): object {
  if (tls.cert === undefined) return listener;
  // An authority says whom to believe only where clients are asked for certificates.
  const { clientCa, ...own } = tls;
  const asks = tls.clientCertificates !== undefined;
  return { ...listener, tls: { ...own, ...(asks && clientCa !== undefined ? { clientCa } : {}) } };
}
