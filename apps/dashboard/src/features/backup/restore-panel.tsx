import { Alert, Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { RestorePlan } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { FileField } from '../../shared/ui/file-field.js';
import { formatCount, formatExact } from '../../shared/ui/format.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { Panel } from '../../shared/ui/panel.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { PlanTable } from './plan-table.js';
import { backupTexts as texts } from './texts.js';
import { type ChosenBackup, type RestoreChoice, usualChoice, useRestorePlan } from './use-restore-plan.js';

type Section = RestorePlan['sections'][number];

/** Takes a file, shows what it would change, and restores exactly that. */
export function RestorePanel() {
  const state = useRestorePlan();
  const { file, choice, plan, error, look, fail } = state;
  const read = (picked: File) => {
    picked
      .text()
      .then((text) => look({ name: picked.name, size: text.length, backup: parsed(text) }, usualChoice))
      .catch(fail);
  };
  return (
    <Panel title={texts.restore.title}>
      <Stack gap="md">
        <FileField file={file} accept=".json,application/json" onFile={read} hint={texts.restore.dropHint} />
        {file && plan && <Origin plan={plan} />}
        {file && plan?.applied !== true && (
          <Choices file={file} choice={choice} plan={plan} onChange={(next) => look(file, next)} />
        )}
        {state.isOutdated && (
          <Alert color="warning" variant="light" role="alert">
            {texts.outdated}
          </Alert>
        )}
        <FormProblem error={error} />
        {file && !plan && state.isAsking && <Text size="sm">{texts.restore.looking}</Text>}
        {plan && <PlanTable plan={plan} isStale={state.isAsking} />}
        {plan && <Apply plan={plan} state={state} />}
      </Stack>
    </Panel>
  );
}

function parsed(text: string): ChosenBackup['backup'] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ChosenBackup['backup'];
  } catch {
    // said below
  }
  throw new Error(texts.restore.notJson);
}

function Origin({ plan: { broker, createdAt, createdBy, hasSecrets } }: { plan: RestorePlan }) {
  const when = createdAt === null ? uiTexts.unknown : formatExact(createdAt);
  return (
    <Text size="sm">
      {texts.restore.from(broker, when, createdBy ?? uiTexts.unknown)}
      {!hasSecrets && ` (${texts.restore.withoutSecrets})`}
    </Text>
  );
}

interface ChoicesProps {
  readonly file: ChosenBackup;
  readonly choice: RestoreChoice;
  readonly plan: RestorePlan | null;
  readonly onChange: (choice: RestoreChoice) => void;
}

function Choices({ file, choice, plan, onChange }: ChoicesProps) {
  const names = sectionNames.filter((name) => name in file.backup);
  const chosen = choice.sections ?? names;
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label={texts.restore.sections}
        value={[...chosen]}
        onChange={(wanted) =>
          wanted.length > 0 && onChange({ ...choice, sections: names.filter((name) => wanted.includes(name)) })
        }
      >
        <Group gap="md" mt={4}>
          {names.map((name) => (
            <Checkbox key={name} value={name} label={texts.plan.names[name]} />
          ))}
        </Group>
      </Checkbox.Group>
      <Group gap="sm">
        <Text size="sm">{texts.restore.mode}</Text>
        <SegmentedControl
          aria-label={texts.restore.mode}
          data={Object.entries(texts.restore.modes).map(([value, label]) => ({ value, label }))}
          value={choice.mode ?? 'merge'}
          onChange={(mode) => onChange({ ...choice, mode: mode === 'replace' ? 'replace' : 'merge' })}
        />
      </Group>
      <Checkbox
        label={texts.restore.disconnect}
        checked={choice.disconnect === true}
        onChange={(event) => onChange({ ...choice, disconnect: event.currentTarget.checked })}
      />
      {(choice.overrideReason !== undefined || hasFailingTests(plan)) && (
        <OverrideField
          reason={choice.overrideReason}
          onChange={(overrideReason) => onChange({ ...choice, overrideReason })}
        />
      )}
    </Stack>
  );
}

const sectionNames = Object.keys(texts.plan.names) as Section['name'][];

function hasFailingTests(plan: RestorePlan | null): boolean {
  return plan?.sections.some(({ problems }) => problems.some(({ path }) => path.startsWith('policy.tests'))) ?? false;
}

function OverrideField({
  reason = '',
  onChange,
}: {
  reason: string | undefined;
  onChange: (reason: string | undefined) => void;
}) {
  const [text, setText] = useState(reason);
  return (
    <TextInput
      label={texts.restore.overrideReason}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => text.trim() !== reason && onChange(text.trim() || undefined)}
    />
  );
}

function Apply({ plan, state }: { plan: RestorePlan; state: ReturnType<typeof useRestorePlan> }) {
  const [isAsked, { open, close }] = useDisclosure(false);
  const removed = sum(plan, 'remove');
  const count = sum(plan, 'create') + sum(plan, 'change') + removed;
  const confirm = () => {
    state
      .apply()
      .then((isDone) => {
        close();
        if (isDone) notifyDone(texts.done);
      })
      .catch(reportError);
  };
  if (plan.applied || count === 0) return null;
  const changes = texts.plan.changes(formatCount(count), count);
  return (
    <Group justify="flex-end">
      <Button disabled={!plan.isPossible || state.isAsking} onClick={open}>
        {texts.plan.apply(changes)}
      </Button>
      <ConfirmDialog
        opened={isAsked}
        title={texts.confirm.title}
        action={texts.confirm.action}
        typedName={removed > 0 ? String(removed) : undefined}
        isPending={state.isRestoring}
        onConfirm={confirm}
        onClose={close}
      >
        <Text>{texts.confirm.text(changes)}</Text>
        {removed > 0 && <Text mt="xs">{texts.confirm.removes(formatCount(removed))}</Text>}
      </ConfirmDialog>
    </Group>
  );
}

function sum({ sections }: RestorePlan, outcome: 'create' | 'change' | 'remove'): number {
  return sections.reduce((total, section) => total + section[outcome], 0);
}
