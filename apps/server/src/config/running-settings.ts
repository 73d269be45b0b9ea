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
  private readonly listeners = new Set<() => void>();

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

  /** Takes over changes, as far as they can be while the server runs, then tells so; null brings a default back. */
  change(changes: KeptSettings): void {
    for (const [key, value] of Object.entries(changes)) {
      const mayChange = isChangeable(key) && !this.isLocked(key) && changeableSettings[key] !== 'restart';
      if (mayChange) this.set(key, value);
    }
    for (const listener of this.listeners) listener();
  }

  /** Calls the listener whenever something was changed. Returns how to stop. */
  whenChanged(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private set(key: ConfigKey, value: unknown): void {
    (this.config as Record<string, unknown>)[key] = value ?? this.defaults[key];
  }
}
