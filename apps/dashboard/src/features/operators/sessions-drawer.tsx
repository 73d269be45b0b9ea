import { Button, Drawer, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Operator } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { SessionsTable } from '../../shared/sessions/sessions-table.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { notifyDone, notifyError } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { operatorSessions, useEndOperatorSession, useEndOperatorSessions } from './queries.js';
import { operatorsTexts } from './texts.js';

/** Where an operator is logged in, and how to log them out. */
export function SessionsDrawer({ operator, onClose }: { operator: Operator | null; onClose: () => void }) {
  return (
    <Drawer
      opened={operator !== null}
      onClose={onClose}
      size={720}
      title={operator ? operatorsTexts.sessionsOf(operator.name) : ''}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {operator && <Sessions operator={operator} />}
    </Drawer>
  );
}

function Sessions({ operator: { id, name } }: { operator: Operator }) {
  const sessions = useQuery(operatorSessions(id));
  const mayWrite = usePermission('operators:write');
  const end = useEndOperatorSession();
  const endAll = useEndOperatorSessions();
  const failed = (error: Error) => notifyError(operatorsTexts.changeFailed(name), error);
  const done = () => notifyDone(operatorsTexts.loggedOut(name));
  const rows = sessions.data?.items;
  return (
    <Stack>
      <ListBody query={sessions}>
        <SessionsTable
          rows={rows}
          ending={end.isPending ? end.variables.path.sessionId : undefined}
          onEnd={
            mayWrite
              ? (session) => end.mutate({ path: { id, sessionId: session.id } }, { onSuccess: done, onError: failed })
              : undefined
          }
        />
      </ListBody>
      {mayWrite && rows !== undefined && rows.length > 1 && (
        <Group justify="flex-end">
          <Button
            variant="default"
            loading={endAll.isPending}
            onClick={() => endAll.mutate({ path: { id } }, { onSuccess: done, onError: failed })}
          >
            {operatorsTexts.logOutAll}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
