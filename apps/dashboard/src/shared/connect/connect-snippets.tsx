import { Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ServerInfo } from '../api/generated/types.gen.js';
import { CopyButton } from '../ui/copy-button.js';
import { ErrorState } from '../ui/states.js';
import { serverInfo } from './server-info.js';
import {
  arduinoSnippet,
  browserSnippet,
  type ConnectTarget,
  mosquittoSnippet,
  mqttDoor,
  mqttJsSnippet,
  pythonSnippet,
  type SnippetLogin,
  type SnippetMessage,
} from './snippets.js';
import { connectTexts } from './texts.js';
import classes from './connect-snippets.module.css';

interface ConnectSnippetsProps {
  readonly login?: SnippetLogin;
  /** What is published; a greeting where left out. */
  readonly message?: SnippetMessage;
}

/** How to connect a device to this very server, ready to copy. */
export function ConnectSnippets({ login, message }: ConnectSnippetsProps) {
  const server = useQuery(serverInfo());
  if (server.data) return <Snippets target={{ ...targetOf(server.data), login, message }} />;
  if (server.error) return <ErrorState error={server.error} onRetry={() => server.refetch()} />;
  return <Skeleton height={140} />;
}

function targetOf({ listeners, anonymous, publicHost }: ServerInfo): ConnectTarget {
  return {
    // Nobody said: as this page does.
    host: publicHost ?? location.hostname,
    isSecurePage: location.protocol === 'https:',
    pagePort: location.port,
    listeners,
    anonymous,
  };
}

/** In the order of the tabs. */
const overTcp = { mosquitto: mosquittoSnippet, mqttjs: mqttJsSnippet, python: pythonSnippet, arduino: arduinoSnippet };
const inBrowser = { browser: browserSnippet };

function Snippets({ target }: { target: ConnectTarget }) {
  const hasMqtt = mqttDoor(target) !== null;
  const makers = Object.entries({ ...(hasMqtt && overTcp), ...inBrowser }) as [
    Tab,
    (target: ConnectTarget) => string,
  ][];
  return (
    <Stack gap="xs" ta="start">
      <Tabs defaultValue={hasMqtt ? 'mosquitto' : 'browser'} aria-label={connectTexts.label}>
        <Tabs.List>
          {makers.map(([tab]) => (
            <Tabs.Tab key={tab} value={tab}>
              {connectTexts.tabs[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {makers.map(([tab, snippet]) => (
          <Snippet key={tab} tab={tab} code={snippet(target)} />
        ))}
      </Tabs>
      <Text size="sm" c="dimmed">
        {target.anonymous && connectTexts.anonymous}
        {!target.anonymous && !target.login && connectTexts.credentials} {!hasMqtt && connectTexts.noMqtt}
      </Text>
    </Stack>
  );
}

type Tab = keyof typeof connectTexts.tabs;

function Snippet({ tab, code }: { tab: Tab; code: string }) {
  return (
    <Tabs.Panel value={tab} className={classes.panel}>
      <pre className={classes.code}>{code}</pre>
      <div className={classes.copy}>
        <CopyButton value={code} label={`${connectTexts.tabs[tab]} ${connectTexts.copyLabel}`} withText />
      </div>
    </Tabs.Panel>
  );
}
