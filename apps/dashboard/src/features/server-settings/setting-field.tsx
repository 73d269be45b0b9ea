import { ActionIcon, Badge, Group, NativeSelect, NumberInput, Switch, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconLock } from '@tabler/icons-react';
import type { Setting } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { nameOf, type SettingDraft, wantedOf, wordsOf } from './setting-draft.js';
import { serverSettingsTexts as texts } from './texts.js';
import classes from './server-settings.module.css';

interface SettingFieldProps {
  readonly setting: Setting;
  readonly draft: SettingDraft;
  readonly error: string | undefined;
  readonly onChange: (value: Setting['value']) => void;
}

/** One setting: its value, where that comes from, and when a change would hold. */
export function SettingField({ setting, draft, error, onChange }: SettingFieldProps) {
  const mayWrite = usePermission('settings:write');
  const isOpen = setting.applies !== null && !setting.isLocked;
  const isChanged = setting.key in draft;
  const isOwn = isOpen && mayWrite && (isChanged ? draft[setting.key] !== null : setting.source === 'dashboard');
  return (
    <div className={classes.setting} data-changed={isChanged}>
      <Group gap="xs" className={classes.marks}>
        <Text fw={500} size="sm" id={`setting-${setting.key}`} lang="en">
          {nameOf(setting.key)}
        </Text>
        <Badge variant="default" size="sm">
          {texts.source[setting.source]}
        </Badge>
        {isOpen && setting.applies === 'restart' && (
          <Badge variant="light" color="warning" size="sm">
            {texts.applies.restart}
          </Badge>
        )}
        {isChanged && (
          <Badge variant="light" color="accent" size="sm">
            {texts.changed}
          </Badge>
        )}
      </Group>
      <div className={classes.control}>
        {isOpen && mayWrite ? (
          <Control setting={setting} value={wantedOf(setting, draft)} error={error} onChange={onChange} />
        ) : (
          <Shown setting={setting} />
        )}
        {isOwn && setting.value !== setting.defaultValue && (
          <Tooltip label={`${texts.toDefault} (${wordsOf(setting.defaultValue)})`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={texts.toDefaultOf(nameOf(setting.key))}
              onClick={() => onChange(null)}
            >
              <IconArrowBackUp size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <Hints setting={setting} />
    </div>
  );
}

function Hints({ setting }: Pick<SettingFieldProps, 'setting'>) {
  const { describe, place, isLocked, isPending, saved, variable, applies } = setting;
  return (
    <div className={classes.hints}>
      <Text size="xs" c="dimmed" lang="en">
        {describe}
      </Text>
      {isPending && (
        <Text size="xs" c="warning">
          {texts.pending(wordsOf(saved))}
        </Text>
      )}
      {isLocked ? (
        <Text size="xs" c="dimmed">
          <IconLock size={12} aria-hidden /> {texts.locked(place ?? '')}
        </Text>
      ) : (
        applies === null && (
          <Text size="xs" c="dimmed">
            <IconLock size={12} aria-hidden /> {texts.onlyConfigured(variable)}
          </Text>
        )
      )}
    </div>
  );
}

function Shown({ setting: { value, kind, isSecret, isSet } }: Pick<SettingFieldProps, 'setting'>) {
  return (
    <Text size="sm" className="perch-mono">
      {isSecret && isSet ? texts.secretSet : wordsOf(value, kind)}
    </Text>
  );
}

interface ControlProps {
  readonly setting: Setting;
  readonly value: Setting['value'];
  readonly error: string | undefined;
  readonly onChange: (value: Setting['value']) => void;
}

function Control({ setting, value, error, onChange }: ControlProps) {
  const common = { 'aria-labelledby': `setting-${setting.key}`, error };
  switch (setting.kind) {
    case 'switch':
      return (
        <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'choice':
      return (
        <NativeSelect
          {...common}
          translate="no"
          value={String(value)}
          data={setting.choices ?? []}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          w={180}
          thousandSeparator=" "
          allowDecimal={false}
          min={setting.min ?? undefined}
          max={setting.max ?? undefined}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? null : Number(next))}
        />
      );
    case 'text':
      return (
        <TextInput
          {...common}
          className={classes.text}
          value={typeof value === 'string' ? value : ''}
          placeholder={setting.defaultValue === null ? texts.none : wordsOf(setting.defaultValue)}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
        />
      );
  }
}
