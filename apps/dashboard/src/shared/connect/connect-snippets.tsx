import { Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ServerInfo } from '../api/generated/types.gen.js';
import { CopyButton } from '../ui/copy-button.js';
import { ErrorState } from '../ui/states.js';
import { serverInfo } from './server-info.js';
import {
  browserSnippet,
  type ConnectTarget,
  mosquittoSnippet,
  mqttDoor,
  mqttJsSnippet,
  type SnippetLogin,
} from './snippets.js';
import { connectTexts } from './texts.js';
import classes from './connect-snippets.module.css';

/** How to connect a first device to this very server, ready to copy. */
export function ConnectSnippets({ login }: { login?: SnippetLogin }) {
  const server = useQuery(serverInfo());
  if (server.data) return <Snippets target={{ ...targetOf(server.data), login }} />;
  if (server.error) return <ErrorState error={server.error} onRetry={() => server.refetch()} />;
  return <Skeleton height={140} />;
}

function targetOf({ listeners, anonymous }: ServerInfo): ConnectTarget {
  return {
    host: location.hostname,
    isSecurePage: location.protocol === 'https:',
    pagePort: location.port,
    listeners,
    anonymous,
  };
}

function Snippets({ target }: { target: ConnectTarget }) {
  const hasMqtt = mqttDoor(target) !== null;
  return (
    <Stack gap="xs" ta="start">
      <Tabs defaultValue={hasMqtt ? 'mosquitto' : 'browser'} aria-label={connectTexts.label}>
        <Tabs.List>
          {hasMqtt && <Tabs.Tab value="mosquitto">{connectTexts.tabs.mosquitto}</Tabs.Tab>}
          {hasMqtt && <Tabs.Tab value="mqttjs">{connectTexts.tabs.mqttjs}</Tabs.Tab>}
          <Tabs.Tab value="browser">{connectTexts.tabs.browser}</Tabs.Tab>
        </Tabs.List>
        {hasMqtt && <Snippet tab="mosquitto" code={mosquittoSnippet(target)} />}
        {hasMqtt && <Snippet tab="mqttjs" code={mqttJsSnippet(target)} />}
        <Snippet tab="browser" code={browserSnippet(target)} />
      </Tabs>
      <Text size="sm" c="dimmed">
        {target.anonymous && connectTexts.anonymous}
        {!target.anonymous && !target.login && connectTexts.credentials} {!hasMqtt && connectTexts.noMqtt}
      </Text>
    </Stack>
  );
}

function Snippet({ tab, code }: { tab: keyof typeof connectTexts.tabs; code: string }) {
  return (
    <Tabs.Panel value={tab} className={classes.panel}>
      <pre className={classes.code}>{code}</pre>
      <div className={classes.copy}>
        <CopyButton value={code} label={`${connectTexts.tabs[tab]} ${connectTexts.copyLabel}`} withText />
      </div>
    </Tabs.Panel>
  );
}
