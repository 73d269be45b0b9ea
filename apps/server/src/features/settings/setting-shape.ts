import { z } from 'zod';
import { configSchema, type ConfigKey } from '../../config/config.schema.js';
import type { Setting } from './setting.schemas.js';

/** What a form has to know of a setting. */
export type SettingShape = Pick<Setting, 'kind' | 'choices' | 'min' | 'max'>;

const text: SettingShape = { kind: 'text', choices: null, min: null, max: null };

/** The form that a setting's schema asks for. */
export function shapeOf(key: ConfigKey): SettingShape {
  const { type, minimum, maximum, ...schema } = z.toJSONSchema(configSchema.shape[key], {
    io: 'output',
    unrepresentable: 'any',
  });
  if (schema.enum) return { ...text, kind: 'choice', choices: schema.enum.map(String) };
  if (type === 'boolean') return { ...text, kind: 'switch' };
  if (type === 'integer') return { ...text, kind: 'number', min: minimum ?? null, max: maximum ?? null };
  return text;
}

/** A value as it is shown: lists and objects as text. */
export function shown(value: unknown): Setting['value'] {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || null;
  return Array.isArray(value) && value.length === 0 ? null : JSON.stringify(value);
}
