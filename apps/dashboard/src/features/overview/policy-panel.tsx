import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usePermission } from '../../shared/session/session.js';
import { formatCount } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Panel } from '../../shared/ui/panel.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { latestRevision } from './queries.js';
import { overviewTexts } from './texts.js';

/** Which rules are in force, and who changed them last. */
export function PolicyPanel() {
  const mayRead = usePermission('policy:read');
  const revisions = useQuery({ ...latestRevision(), enabled: mayRead });
  if (!mayRead) return null;
  const latest = revisions.data?.items[0];
  const link = (
    <TextLink to="/access/rules" size="sm">
      {overviewTexts.toRules}
    </TextLink>
  );
  return (
    <Panel title={overviewTexts.policy} actions={link}>
      <ListBody query={revisions}>
        {latest ? (
          <>
            <Text fw={500}>{overviewTexts.policyLine(formatCount(latest.revision))}</Text>
            <Group gap={4}>
              <Text size="sm" c="dimmed">
                {overviewTexts.policyBy(latest.author)}, <RelativeTime at={latest.createdAt} />
              </Text>
            </Group>
            {latest.message !== '' && <Text size="sm">{latest.message}</Text>}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {revisions.data ? overviewTexts.noRevision : uiTexts.unknown}
          </Text>
        )}
      </ListBody>
    </Panel>
  );
}
