import { useQuery } from '@tanstack/react-query';
import { SessionsTable } from '../../shared/sessions/sessions-table.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { notifyDone, notifyError } from '../../shared/ui/notify.js';
import { Panel } from '../../shared/ui/panel.js';
import { ownSessions, useEndOwnSession } from './queries.js';
import { accountTexts } from './texts.js';

/** Where one is logged in; a browser that one does not know is logged out here. */
export function SessionsPanel() {
  const sessions = useQuery(ownSessions());
  const end = useEndOwnSession();
  return (
    <Panel title={accountTexts.sessions} flush>
      <ListBody query={sessions}>
        <SessionsTable
          rows={sessions.data?.items}
          ending={end.isPending ? end.variables.path.id : undefined}
          onEnd={({ id }) =>
            end.mutate(
              { path: { id } },
              {
                onSuccess: () => notifyDone(accountTexts.sessionEnded),
                onError: (error) => notifyError(accountTexts.sessionNotEnded, error),
              },
            )
          }
        />
      </ListBody>
    </Panel>
  );
}
