import { Injectable } from '@nestjs/common';
import { Broker, changeLimits } from '@perch/broker';
import { brokerLimits } from '../../broker/broker-limits.js';
import { changeableSettings, isChangeable } from '../../config/changeable-settings.js';
import { configSchema } from '../../config/config.schema.js';
import { type KeptSettings, RunningSettings } from '../../config/running-settings.js';
import { sectionOf } from '../../config/setting-sections.js';
import { type NamedSetting, namedSettings } from '../../config/setting-names.js';
import type { Prisma } from '../../database/generated/client.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { AuditService, type Deed } from '../audit/audit.service.js';
import type { Setting, SettingsChange, SettingsDoc } from './setting.schemas.js';
import { shapeOf, shown } from './setting-shape.js';
import { SettingsStore } from './settings.store.js';

/** Says what every setting is and where it comes from, and takes changes of those that are left open. */
@Injectable()
export class SettingsService {
  /** The order of commits is the order in which settings come to hold. */
  private readonly turns = new BoundedQueue(1, 20);

  constructor(
    private readonly running: RunningSettings,
    private readonly store: SettingsStore,
    private readonly broker: Broker,
    private readonly audit: AuditService,
  ) {}

  async list(): Promise<SettingsDoc> {
    const kept = await this.store.read();
    return { items: namedSettings.map((setting) => this.describe(setting, kept)) };
  }

  /** All of the changes, or none of them. What can hold at once does when this resolves. */
  change({ changes }: SettingsChange, actor: Actor): Promise<SettingsDoc> {
    const checked = this.checked(changes);
    return this.inTurn(async () => {
      await this.audit.change(actor, async (tx) => ({ result: undefined, ...(await this.save(tx, checked)) }));
      this.enforce(checked);
      return this.list();
    });
  }

  /** Runs the work when those who save before are done. 503 when too many are. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.turns.run(work);
    if (!done) throw new ApiError('unavailable', 'Too many changes of the settings wait already.');
    return done;
  }

  /** Keeps changes as part of a transaction; null is the default. To be enforced in the same turn, when it is committed. */
  async save(tx: Prisma.TransactionClient, changes: KeptSettings): Promise<Deed> {
    await this.store.lock(tx);
    const kept = await this.store.read(tx);
    const merged = Object.entries({ ...kept, ...changes }).filter(([, value]) => value !== null);
    await this.store.write(tx, Object.fromEntries(merged));
    const names = Object.keys(changes);
    const before = Object.fromEntries(names.map((key) => [key, kept[key] ?? null]));
    return { action: 'settings.change', object: 'settings', before, after: changes };
  }

  /** What can hold at once of changes that were saved does when this returns. */
  enforce(changes: KeptSettings): void {
    this.running.change(changes);
    changeLimits(this.broker.limits, brokerLimits(this.running.config));
  }

  /** The changes as the schema reads them. 422 with every one that is wrong. */
  private checked(changes: SettingsChange['changes']): KeptSettings {
    const errors: { path: string; message: string }[] = [];
    const checked: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(changes)) {
      const locked = this.problemOf(key);
      const outcome = locked === null ? this.valueOf(key, value) : { problem: locked };
      if ('problem' in outcome) errors.push({ path: `changes.${key}`, message: outcome.problem });
      else checked[key] = outcome.value;
    }
    const [first] = errors;
    if (first) throw new ApiError('invalid-fields', `${first.path}: ${first.message}.`, { errors });
    return checked;
  }

  /** A value as its schema reads it; null is the default. */
  valueOf(key: string, value: unknown): { readonly value: unknown } | { readonly problem: string } {
    if (value === null || !isChangeable(key)) return { value: null };
    const outcome = configSchema.shape[key].safeParse(value);
    return outcome.success ? { value: outcome.data } : { problem: mustBe(key) };
  }

  /** Why this setting cannot be changed here, or null. */
  problemOf(key: string): string | null {
    if (!isChangeable(key)) return 'is not a setting that can be changed here';
    const origin = this.running.origins.get(key);
    return origin ? `is settled by ${origin.place}: change it there` : null;
  }

  private describe(setting: NamedSetting, kept: KeptSettings): Setting {
    const { key, isSecret = false, describe, allowed, variable, defaultValue } = setting;
    const origin = this.running.origins.get(key) ?? null;
    const value = this.running.config[key];
    const wanted = origin === null && isChangeable(key) ? (kept[key] ?? defaultValue) : value;
    const isPending = wanted !== value;
    return {
      key,
      section: sectionOf[key],
      describe,
      allowed,
      variable,
      ...shapeOf(key),
      value: isSecret ? null : shown(value),
      saved: isPending ? shown(wanted) : null,
      isPending,
      isSecret,
      isSet: shown(value) !== null,
      defaultValue: isSecret ? null : shown(defaultValue),
      source: origin?.kind ?? (kept[key] !== undefined && isChangeable(key) ? 'dashboard' : 'default'),
      place: origin?.place ?? null,
      isLocked: origin !== null,
      applies: isChangeable(key) ? changeableSettings[key] : null,
    };
  }
}

function mustBe(key: string): string {
  return `must be ${namedSettings.find((setting) => setting.key === key)?.allowed ?? 'valid'}`;
}
