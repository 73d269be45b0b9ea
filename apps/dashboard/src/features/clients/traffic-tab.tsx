import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ClientDetail, ClientSession } from '../../shared/api/generated/types.gen.js';
import { literal } from '../../shared/ui/literal.js';
import { Chart } from '../../shared/ui/chart.js';
import { formatBytes, formatCount, formatRate } from '../../shared/ui/format.js';
import { Fact } from './fact.js';
import { clientTraffic } from './queries.js';
import { clientsTexts } from './texts.js';
import { type Rates, SHOWN_MS, useTrafficRates } from './use-traffic-rates.js';
import classes from './drawer.module.css';

const texts = clientsTexts.traffic;

/** What a client sends and is sent: sums since it connected, and rates from the moment on that this is looked at. */
export function TrafficTab({ client: { clientId, session } }: { client: ClientDetail }) {
  // The same question as the drawer's, asked more often: the answer is one entry of the cache.
  const { data, dataUpdatedAt } = useQuery(clientTraffic(clientId));
  const current = data === undefined ? session : data.session;
  const rates = useTrafficRates(current, dataUpdatedAt);
  if (current === null) {
    return (
      <Text size="sm" c="dimmed">
        {texts.offline}
      </Text>
    );
  }
  return (
    <Stack gap="md">
      <Sums session={current} />
      <RateCharts rates={rates} now={dataUpdatedAt} />
      <RecentTopics topics={current.recentTopics} />
    </Stack>
  );
}

function Sums({
  session: { messagesIn, messagesOut, bytesIn, bytesOut, inFlight, queued },
}: {
  session: ClientSession;
}) {
  return (
    <dl className={classes.facts}>
      <Fact name={texts.messagesIn}>{formatCount(messagesIn)}</Fact>
      <Fact name={texts.messagesOut}>{formatCount(messagesOut)}</Fact>
      <Fact name={texts.bytesIn}>{formatBytes(bytesIn)}</Fact>
      <Fact name={texts.bytesOut}>{formatBytes(bytesOut)}</Fact>
      <Fact name={clientsTexts.drawer.inFlight}>{formatCount(inFlight)}</Fact>
      <Fact name={clientsTexts.drawer.queued}>{formatCount(queued)}</Fact>
    </dl>
  );
}

function RateCharts({ rates, now }: { rates: Rates; now: number }) {
  const { times } = rates;
  const start = Math.max(now - SHOWN_MS, Math.min(times[0] ?? now, now - SHOWN_MS / 15));
  const shared = { times, span: [start, now], height: 120, cursorKey: 'client-traffic' } as const;
  return (
    <div role="group" aria-label={texts.rates}>
      <Text size="xs" c="dimmed">
        {texts.explanation}
      </Text>
      <ChartTitle>{texts.messageRate}</ChartTitle>
      <Chart
        {...shared}
        label={texts.messageRate}
        format={formatRate}
        lines={[
          { label: texts.in, values: rates.messagesIn },
          { label: texts.out, values: rates.messagesOut },
        ]}
      />
      <ChartTitle>{texts.byteRate}</ChartTitle>
      <Chart
        {...shared}
        label={texts.byteRate}
        format={formatBytes}
        lines={[
          { label: texts.in, values: rates.bytesIn },
          { label: texts.out, values: rates.bytesOut },
        ]}
      />
    </div>
  );
}

function ChartTitle({ children }: { children: string }) {
  return (
    <Text component="h3" size="sm" fw={600} mt="sm">
      {children}
    </Text>
  );
}

function RecentTopics({ topics }: { topics: readonly string[] }) {
  return (
    <section aria-label={texts.recentTopics}>
      <Text component="h3" size="sm" fw={600} mb={4}>
        {texts.recentTopics}
      </Text>
      {topics.length === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.noTopics}
        </Text>
      ) : (
        <ul className={classes.topics}>
          {topics.map((topic) => (
            <li key={topic} className="perch-mono">
              {literal(topic)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
