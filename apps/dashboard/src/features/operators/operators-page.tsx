import { Drawer, Group, Text, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconUserCog } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Operator } from '../../shared/api/generated/types.gen.js';
import { roleTexts } from '../../shared/roles/texts.js';
import { useSession } from '../../shared/session/session.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { CreateOperatorForm } from './create-operator-form.js';
import { OperatorDialog, type OperatorTask } from './operator-dialog.js';
import { OperatorMenu } from './operator-menu.js';
import { operatorsList } from './queries.js';
import { operatorsTexts } from './texts.js';

/** The people who may log in: create, change their role, disable, delete. */
export function OperatorsPage() {
  const operators = useQuery(operatorsList());
  const [isCreating, setCreating] = useState(false);
  const [task, setTask] = useState<OperatorTask | null>(null);
  const rows = operators.data?.items;
  const create = (
    <PermittedButton
      permission="operators:write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {operatorsTexts.create}
    </PermittedButton>
  );
  return (
    <Page title={operatorsTexts.title} actions={create}>
      <Text size="sm" c="dimmed" mt={-8}>
        {operatorsTexts.explain} {rows?.length === 1 && operatorsTexts.onlyOne}
      </Text>
      <Panel flush>
        <ListBody query={operators}>
          <DataTable
            label={operatorsTexts.table}
            columns={columnsFor(rows ?? [], setTask)}
            rows={rows}
            rowKey={(operator) => operator.id}
            empty={<EmptyState icon={IconUserCog} title={operatorsTexts.onlyOne} action={create} />}
          />
        </ListBody>
      </Panel>
      <Drawer
        opened={isCreating}
        onClose={() => setCreating(false)}
        title={operatorsTexts.createTitle}
        size={460}
        closeButtonProps={{ 'aria-label': uiTexts.close }}
      >
        <CreateOperatorForm onClose={() => setCreating(false)} />
      </Drawer>
      <OperatorDialog task={task} onClose={() => setTask(null)} />
    </Page>
  );
}

function columnsFor(all: readonly Operator[], onTask: (task: OperatorTask) => void): Column<Operator>[] {
  const { columns } = operatorsTexts;
  const { roles } = roleTexts;
  const activeAdmins = all.filter(({ role, disabled }) => role === 'admin' && !disabled);
  const isLastAdmin = ({ id }: Operator) => activeAdmins.length === 1 && activeAdmins[0]?.id === id;
  return [
    { key: 'name', header: columns.name, isRowHeader: true, cell: (operator) => <Name operator={operator} /> },
    { key: 'role', header: columns.role, cell: ({ role }) => <span title={roles[role].may}>{roles[role].label}</span> },
    { key: 'state', header: columns.state, cell: (operator) => <State operator={operator} /> },
    {
      key: 'lastLogin',
      header: columns.lastLogin,
      cell: ({ lastLoginAt }) => <RelativeTime at={lastLoginAt} fallback={operatorsTexts.never} />,
    },
    { key: 'created', header: columns.created, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    {
      key: 'actions',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      width: 48,
      cell: (operator) => <OperatorMenu operator={operator} isLastAdmin={isLastAdmin(operator)} onTask={onTask} />,
    },
  ];
}

function Name({ operator }: { operator: Operator }) {
  const isSelf = useSession()?.id === operator.id;
  return (
    <Group gap={8} wrap="nowrap">
      <Text component="span" size="sm" fw={500} truncate maw={320}>
        {operator.name}
      </Text>
      {isSelf && (
        <Text component="span" size="xs" c="dimmed">
          {operatorsTexts.you}
        </Text>
      )}
    </Group>
  );
}

function State({ operator }: { operator: Operator }) {
  return operator.disabled ? (
    <StatusMark kind="deny">{operatorsTexts.disabled}</StatusMark>
  ) : (
    <StatusMark kind="allow">{operatorsTexts.active}</StatusMark>
  );
}
