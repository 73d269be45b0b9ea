import { Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Explanation, Refusal, RefusalExplanation } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { literal } from '../../shared/ui/literal.js';
import { formatCount, formatExact } from '../../shared/ui/format.js';
import { LinkButton } from '../../shared/ui/links.js';
import { usePermission } from '../../shared/session/session.js';
import { ErrorState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { explanationOf } from './queries.js';
import { isJudged, questionOf, reasonOf, type RuleNumbers, summaryOf } from './reason.js';
import { deniedTexts } from './texts.js';
import classes from './denied.module.css';

const texts = deniedTexts.drawer;

interface ExplanationDrawerProps {
  /** The key of the entry to explain. */
  readonly entry: string | undefined;
  readonly rules: RuleNumbers;
  readonly onClose: () => void;
}

/** Why something was refused: by the policy of then, rule by rule, and what the live one says. */
export function ExplanationDrawer({ entry, rules, onClose }: ExplanationDrawerProps) {
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={onClose}
      position="right"
      size={640}
      title={texts.title}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {entry !== undefined && <Explained key={entry} entry={entry} rules={rules} />}
    </Drawer>
  );
}

function Explained({ entry, rules }: { entry: string; rules: RuleNumbers }) {
  const { data, error, refetch } = useQuery(explanationOf(entry));
  if (error && !data) return <ErrorState error={error} onRetry={() => refetch().catch(reportError)} />;
  if (!data) return <Skeleton height={240} aria-label={uiTexts.loading} />;
  const { refusal, then, now, note } = data;
  return (
    <Stack gap="lg">
      <Facts refusal={refusal} rules={rules} />
      {note !== null && (
        <Text size="sm" lang="en">
          {note}
        </Text>
      )}
      {then && <Verdict title={texts.thenRevision(formatCount(refusal.revision))} verdict={then} />}
      {now && <Verdict title={texts.nowLive} verdict={now} />}
      <NextSteps refusal={refusal} now={now} />
      {then && then.steps.length > 0 && <Steps steps={then.steps} />}
    </Stack>
  );
}

function Facts({ refusal, rules }: { refusal: Refusal; rules: RuleNumbers }) {
  const { count, firstAt, lastAt, username, address } = refusal;
  return (
    <Stack gap={4}>
      <Text className="perch-mono" style={{ overflowWrap: 'anywhere' }}>
        {literal(summaryOf(refusal))}
      </Text>
      <Text size="sm" c="dimmed">
        {literal([username ?? deniedTexts.anonymous, address, refusal.protocol].filter(Boolean).join(' · '))}
      </Text>
      <StatusMark kind="deny">{reasonOf(refusal, rules)}</StatusMark>
      <Text size="sm" c="dimmed">
        {texts.count(formatCount(count), formatExact(firstAt), formatExact(lastAt))}
      </Text>
    </Stack>
  );
}

function Verdict({ title, verdict }: { title: string; verdict: Explanation }) {
  return (
    <section className={classes.verdict} aria-label={title}>
      <Title order={3} size="h5">
        {title}
      </Title>
      <StatusMark kind={verdict.allowed ? 'allow' : 'deny'}>
        {verdict.allowed ? texts.allowed : texts.denied}
      </StatusMark>
      <Text size="sm" lang="en">
        {verdict.reason}
      </Text>
    </section>
  );
}

/** The question filled in, and a rule that answers it otherwise. */
function NextSteps({ refusal, now }: Pick<RefusalExplanation, 'refusal' | 'now'>) {
  const mayWrite = usePermission('policy:write');
  if (!isJudged(refusal)) return null;
  return (
    <Group gap="sm">
      <LinkButton to="/access/rules" search={questionOf(refusal)} variant="default" size="xs">
        {deniedTexts.tryIt}
      </LinkButton>
      {mayWrite && now?.allowed !== true && (
        <LinkButton to="/access/rules" search={questionOf(refusal, 'allow')} size="xs">
          {deniedTexts.create}
        </LinkButton>
      )}
    </Group>
  );
}

/** More rules than these say nothing to anybody: the last ones are nearest to the decision. */
const mostSteps = 50;

function Steps({ steps }: { steps: Explanation['steps'] }) {
  const left = steps.length - mostSteps;
  return (
    <section aria-label={texts.steps}>
      <Title order={3} size="h5" mb="xs">
        {texts.steps}
      </Title>
      {left > 0 && (
        <Text size="sm" c="dimmed">
          {texts.earlier(formatCount(left))}
        </Text>
      )}
      <ol className={classes.steps}>
        {steps.slice(-mostSteps).map(({ ruleId, index, isOwn, applies, text }) => (
          <li key={`${String(isOwn)} ${ruleId}`} data-decides={applies}>
            <Text size="sm" fw={600} component="span">
              {(isOwn ? texts.ownStep : texts.step)(index + 1)}
            </Text>{' '}
            <Text size="sm" component="span" lang="en">
              {text}
            </Text>
          </li>
        ))}
      </ol>
    </section>
  );
}
