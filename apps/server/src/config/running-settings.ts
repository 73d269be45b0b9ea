import { changeableSettings, isChangeable } from './changeable-settings.js';
import { configSchema, type Config, type ConfigKey } from './config.schema.js';

/** Where a setting was given: a file, the environment or a flag. */
export interface SettingOrigin {
  readonly kind: 'file' | 'environment' | 'flag';
  /** Completes "is set by …". */
  readonly place: string;
}

/** Which settings were given, and where; the others may be changed in the dashboard. */
export type SettingOrigins = ReadonlyMap<ConfigKey, SettingOrigin>;

/** What the dashboard has saved, by the name of the setting. */
export type KeptSettings = Readonly<Record<string, unknown>>;

/** The settings of this process: the configuration, what the dashboard saved on top, and what was changed since. */
export class RunningSettings {
  /** What holds. Read a setting when it is needed: some change while the server runs. */
  readonly config: Config;
  /** Saved ones that this version cannot take, in whole sentences. */
  readonly problems: readonly string[];
  private readonly defaults: Config;

  constructor(
    configured: Config,
    readonly origins: SettingOrigins = new Map(),
    kept: KeptSettings = {},
  ) {
    this.defaults = configured;
    this.config = { ...configured };
    const problems: string[] = [];
    for (const [key, value] of Object.entries(kept)) {
      if (!isChangeable(key)) problems.push(`The saved setting ${key} is unknown and was left out.`);
      else if (this.isLocked(key)) continue;
      else if (!configSchema.shape[key].safeParse(value).success)
        problems.push(`The saved setting ${key} is not valid and was left out.`);
      else this.set(key, value);
    }
    this.problems = problems;
  }

  /** The file, the environment or a flag settles it. */
  isLocked(key: ConfigKey): boolean {
    return this.origins.has(key);
  }

  /** Takes over a change, as far as it can be while the server runs; undefined brings the default back. */
  change(key: ConfigKey, value: unknown): void {
    if (!isChangeable(key) || this.isLocked(key) || changeableSettings[key] === 'restart') return;
    this.set(key, value);
  }

  private set(key: ConfigKey, value: unknown): void {
    (this.config as Record<string, unknown>)[key] = value === undefined ? this.defaults[key] : value;
  }
}
