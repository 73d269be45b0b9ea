import { useQuery } from '@tanstack/react-query';
import type { Traffic } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { formatBytes, formatCount, formatDuration } from '../../shared/ui/format.js';
import { ClientsPanel, withClient } from './clients-panel.js';
import { traffic } from './queries.js';
import { overviewTexts } from './texts.js';

const { traffic: words } = overviewTexts;

/** The clients that talk most, that are behind, and that come and go. */
export function TrafficPanels() {
  const mayRead = usePermission('clients:read');
  const query = useQuery({ ...traffic(), enabled: mayRead });
  if (!mayRead) return null;
  const { data } = query;
  const span = data && words.span(formatDuration(data.windowSeconds * 1000));
  return (
    <>
      <ClientsPanel
        title={words.talkers}
        note={span}
        query={query}
        rows={data?.talkers}
        columns={talkerColumns}
        none={words.noTalkers}
      />
      <ClientsPanel title={words.slow} query={query} rows={data?.slow} columns={slowColumns} none={words.noSlow} />
      <ClientsPanel
        title={words.flapping}
        query={query}
        rows={data?.flapping}
        columns={flappingColumns}
        none={words.noFlapping}
      />
    </>
  );
}

const talkerColumns = withClient<Traffic['talkers'][number]>(
  [words.in, ({ messagesIn }) => formatCount(messagesIn)],
  [words.out, ({ messagesOut }) => formatCount(messagesOut)],
);

const slowColumns = withClient<Traffic['slow'][number]>(
  [words.queued, ({ queued }) => formatCount(queued)],
  [words.waiting, ({ waitingBytes }) => formatBytes(waitingBytes)],
  [words.dropped, ({ dropped }) => formatCount(dropped)],
);

const flappingColumns = withClient<Traffic['flapping'][number]>([
  words.disconnects,
  ({ disconnects }) => formatCount(disconnects),
]);
