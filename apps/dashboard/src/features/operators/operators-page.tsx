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
import { InvitationsPanel } from './invitations-panel.js';
import { InviteForm } from './invite-form.js';
import { OperatorDialog, type OperatorTask } from './operator-dialog.js';
import { OperatorMenu } from './operator-menu.js';
import { operatorsList } from './queries.js';
import { SessionsDrawer } from './sessions-drawer.js';
import { operatorsTexts } from './texts.js';

/** The people who may log in: create, change their role, disable, delete. */
export function OperatorsPage() {
  const operators = useQuery(operatorsList());
  const [adding, setAdding] = useState<'invite' | 'create' | null>(null);
  const [watched, setWatched] = useState<Operator | null>(null);
  const [task, setTask] = useState<OperatorTask | null>(null);
  const rows = operators.data?.items;
  const close = () => setAdding(null);
  const add = (
    <>
      <PermittedButton permission="operators:write" variant="default" onClick={() => setAdding('create')}>
        {operatorsTexts.create}
      </PermittedButton>
      <PermittedButton
        permission="operators:write"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => setAdding('invite')}
      >
        {operatorsTexts.invite}
      </PermittedButton>
    </>
  );
  return (
    <Page title={operatorsTexts.title} actions={add}>
      <Text size="sm" c="dimmed" mt={-8}>
        {operatorsTexts.explain} {rows?.length === 1 && operatorsTexts.onlyOne}
      </Text>
      <Panel flush>
        <ListBody query={operators}>
          <DataTable
            label={operatorsTexts.table}
            columns={columnsFor(rows ?? [], { onTask: setTask, onShowSessions: setWatched })}
            rows={rows}
            rowKey={(operator) => operator.id}
            empty={<EmptyState icon={IconUserCog} title={operatorsTexts.onlyOne} action={<Group>{add}</Group>} />}
          />
        </ListBody>
      </Panel>
      <InvitationsPanel />
      <Drawer
        opened={adding !== null}
        onClose={close}
        title={adding === 'invite' ? operatorsTexts.inviteTitle : operatorsTexts.createTitle}
        size={460}
        closeButtonProps={{ 'aria-label': uiTexts.close }}
      >
        {adding === 'invite' ? <InviteForm onClose={close} /> : <CreateOperatorForm onClose={close} />}
      </Drawer>
      <SessionsDrawer operator={watched} onClose={() => setWatched(null)} />
      <OperatorDialog task={task} onClose={() => setTask(null)} />
    </Page>
  );
}

interface RowActions {
  readonly onTask: (task: OperatorTask) => void;
  readonly onShowSessions: (operator: Operator) => void;
}

function columnsFor(all: readonly Operator[], actions: RowActions): Column<Operator>[] {
  const { columns } = operatorsTexts;
  const { roles } = roleTexts;
  const activeAdmins = all.filter(({ role, disabled }) => role === 'admin' && !disabled);
  const isLastAdmin = ({ id }: Operator) => activeAdmins.length === 1 && activeAdmins[0]?.id === id;
  return [
    { key: 'name', header: columns.name, isRowHeader: true, cell: (operator) => <Name operator={operator} /> },
    { key: 'role', header: columns.role, cell: ({ role }) => <span title={roles[role].may}>{roles[role].label}</span> },
    { key: 'state', header: columns.state, cell: (operator) => <State operator={operator} /> },
    {
      key: 'secondFactor',
      header: operatorsTexts.secondFactor,
      cell: ({ secondFactor }) => (
        <StatusMark kind={secondFactor ? 'allow' : 'neutral'}>
          {secondFactor ? operatorsTexts.factorOn : operatorsTexts.factorOff}
        </StatusMark>
      ),
    },
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
      cell: (operator) => <OperatorMenu operator={operator} isLastAdmin={isLastAdmin(operator)} {...actions} />,
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
