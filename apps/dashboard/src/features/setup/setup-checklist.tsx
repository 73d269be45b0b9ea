import { Button, Group, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLiveTopic } from '../../shared/live/live-context.js';
import { PRESENCE_FILTER } from '../../shared/live/presence-event.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { TextLink } from '../../shared/ui/links.js';
import { Panel } from '../../shared/ui/panel.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { setupProgress } from './queries.js';
import { type SetupStep, setupSteps } from './search.js';
import { setupTexts } from './texts.js';
import classes from './setup-checklist.module.css';

const texts = setupTexts.checklist;

/** What is left of the set-up, for admins; gone once all is done, or somebody has put it away. */
export function SetupChecklist() {
  const isAdmin = usePermission('settings:write');
  const [isHidden, setHidden] = useLocalStorage({
    key: 'perch-setup-hidden',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const progress = useQuery({ ...setupProgress(), enabled: isAdmin && !isHidden });
  if (!isAdmin || isHidden || !progress.data) return null;
  const { data } = progress;
  const isDone: StepsProps['isDone'] = {
    broker: data.isNamed,
    access: data.hasAccess,
    user: data.hasUser,
    connect: data.hasClient,
  };
  // A name is welcome, not needed.
  if (isDone.access && isDone.user && isDone.connect) return null;
  return <Steps isDone={isDone} onHide={() => setHidden(true)} />;
}

interface StepsProps {
  readonly isDone: Readonly<Record<SetupStep, boolean>>;
  readonly onHide: () => void;
}

function Steps({ isDone, onHide }: StepsProps) {
  const queryClient = useQueryClient();
  useLiveTopic(PRESENCE_FILTER, () => {
    if (!isDone.connect) queryClient.invalidateQueries(setupProgress()).catch(reportError);
  });
  return (
    <div className={classes.place}>
      <Panel
        title={texts.title}
        actions={
          <Button variant="subtle" size="compact-sm" onClick={onHide}>
            {texts.hide}
          </Button>
        }
      >
        <Stack gap="xs">
          {setupSteps.map((step) => (
            <Group key={step} gap="sm" justify="space-between">
              <StatusMark kind={isDone[step] ? 'allow' : 'neutral'}>{setupTexts.stepTitles[step]}</StatusMark>
              {isDone[step] ? (
                <Text size="sm" c="dimmed">
                  {texts.done}
                </Text>
              ) : (
                <TextLink to="/setup" search={{ step }} size="sm">
                  {texts.go}
                </TextLink>
              )}
            </Group>
          ))}
        </Stack>
      </Panel>
    </div>
  );
}
