import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PolicyDoc, Refusal } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { TextLink } from '../../shared/ui/links.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { latestRefusal, livePolicy, type RefusedAction } from './queries.js';
import { testClientTexts } from './texts.js';

const texts = testClientTexts.refusal;

/** Which rule refused something, and the ways on: why, and what would have to change. */
export function RefusalLinks({ username, ...refused }: RefusedAction & { username: string | null }) {
  const maySee = usePermission('policy:read');
  const refusal = useQuery({ ...latestRefusal(refused), enabled: maySee });
  const policy = useQuery({ ...livePolicy(), enabled: maySee });
  if (!maySee) return null;
  const question = { client: refused.clientId, username: username ?? undefined };
  const address = refusal.data?.address ?? undefined;
  return (
    <Group gap="sm">
      {refusal.isPending ? (
        <Text size="sm" c="dimmed" role="status">
          {texts.looking}
        </Text>
      ) : (
        <StatusMark kind="deny">{deciderOf(refusal.data ?? null, policy.data)}</StatusMark>
      )}
      {refusal.data && (
        <TextLink to="/access/denied" search={{ client: refused.clientId, entry: refusal.data.key }} size="sm">
          {texts.explain}
        </TextLink>
      )}
      <TextLink
        to="/access/rules"
        search={{ ...question, tab: 'test', live: '1', address, action: refused.action, topic: refused.topic }}
        size="sm"
      >
        {texts.simulator}
      </TextLink>
    </Group>
  );
}

function deciderOf(refusal: Refusal | null, policy: PolicyDoc | undefined): string {
  if (!refusal?.decider) return texts.by.unknown;
  if (refusal.decider === 'authorizer') return texts.by.authorizer(refusal.ruleId);
  if (refusal.decider !== 'rule') return texts.by[refusal.decider];
  const index = policy?.rules.findIndex(({ id }) => id === refusal.ruleId) ?? -1;
  return index < 0 ? texts.by.goneRule : texts.by.rule(index + 1);
}
