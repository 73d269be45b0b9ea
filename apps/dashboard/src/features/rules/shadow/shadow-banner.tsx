import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconGhost2 } from '@tabler/icons-react';
import { RelativeTime } from '../../../shared/ui/relative-time.js';
import { shadowReport, shadowState } from '../queries.js';
import { useRulesSearch } from '../use-rules-search.js';
import { sumOf } from './counts.js';
import { shadowTexts as texts } from './texts.js';

/** Tells that a draft is judged beside the live rules, and what has come of it; nothing while none is. */
export function ShadowBanner({ live }: { live: number }) {
  const { data } = useQuery(shadowState());
  const draft = data?.draft;
  const report = useQuery({ ...shadowReport(), enabled: draft != null });
  const [{ tab }, change] = useRulesSearch();
  if (!draft) return null;
  const { author, startedAt, basedOn, note } = draft;
  return (
    <Alert color="accent" variant="light" icon={<IconGhost2 aria-hidden />} title={texts.banner}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {texts.since(author)} <RelativeTime at={startedAt} />, {texts.basedOn(basedOn, live)}
          {note !== '' && `: ${note}`}. {report.data && texts.differences(sumOf(report.data.totals))}
        </Text>
        {tab !== 'shadow' && (
          <Button variant="default" size="xs" onClick={() => change({ tab: 'shadow' })}>
            {texts.show}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
