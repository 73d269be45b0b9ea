import { useQuery } from '@tanstack/react-query';
import type { Traffic } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { formatBytes, formatCount } from '../../shared/ui/format.js';
import { ClientsPanel, withClient } from './clients-panel.js';
import { traffic } from './queries.js';
import { overviewTexts } from './texts.js';

const { traffic: words } = overviewTexts;

/** Who is behind with what it is sent, and all that waits for it. */
export function SlowSubscribers() {
  const mayRead = usePermission('clients:read');
  const query = useQuery({ ...traffic(), enabled: mayRead });
  if (!mayRead) return null;
  return (
    <ClientsPanel
      title={words.slow}
      query={query}
      rows={query.data?.slow}
      columns={columns}
      none={words.noSlow}
      minWidth={640}
    />
  );
}

const columns = withClient<Traffic['slow'][number]>(
  [words.state, ({ online }) => (online ? words.online : words.offline)],
  [words.queued, ({ queued }) => formatCount(queued)],
  [words.queuedBytes, ({ queuedBytes }) => formatBytes(queuedBytes)],
  [words.inFlight, ({ inFlight }) => formatCount(inFlight)],
  [words.waiting, ({ waitingBytes }) => formatBytes(waitingBytes)],
  [words.dropped, ({ dropped }) => formatCount(dropped)],
);
