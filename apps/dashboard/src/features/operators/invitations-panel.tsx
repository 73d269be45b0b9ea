import { Button, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Invitation } from '../../shared/api/generated/types.gen.js';
import { roleTexts } from '../../shared/roles/texts.js';
import { usePermission } from '../../shared/session/session.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { notifyDone, notifyError } from '../../shared/ui/notify.js';
import { Panel } from '../../shared/ui/panel.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { invitationsList, useWithdrawInvitation } from './queries.js';
import { operatorsTexts } from './texts.js';

/** Who was invited and has not come yet; nothing when there is nobody. */
export function InvitationsPanel() {
  const { data } = useQuery(invitationsList());
  const mayWrite = usePermission('operators:write');
  const withdraw = useWithdrawInvitation();
  if (!data?.items.length) return null;
  const { columns } = operatorsTexts;
  const end = ({ id, name }: Invitation) => {
    withdraw
      .mutateAsync({ path: { id } })
      .then(() => notifyDone(operatorsTexts.withdrawn(name)))
      .catch((error: unknown) => notifyError(operatorsTexts.withdrawFailed(name), error as Error));
  };
  const cells: Column<Invitation>[] = [
    { key: 'name', header: columns.name, isRowHeader: true, cell: ({ name }) => name },
    { key: 'role', header: columns.role, cell: ({ role }) => roleTexts.roles[role].label },
    { key: 'by', header: operatorsTexts.invitedBy, cell: ({ createdBy }) => createdBy },
    { key: 'until', header: operatorsTexts.opens, cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
    {
      key: 'actions',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      cell: (invitation) =>
        mayWrite && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => end(invitation)}
            aria-label={operatorsTexts.withdrawOf(invitation.name)}
          >
            {operatorsTexts.withdraw}
          </Button>
        ),
    },
  ];
  return (
    <Panel title={operatorsTexts.invitations} flush>
      <DataTable
        label={operatorsTexts.invitations}
        columns={cells}
        rows={data.items}
        rowKey={({ id }) => id}
        empty={null}
      />
    </Panel>
  );
}
