import { Text } from '@mantine/core';
import type { PolicyShadowReport } from '../../../shared/api/generated/types.gen.js';
import { TextLink } from '../../../shared/ui/links.js';
import { ShadowCountsLine } from './shadow-counts.js';
import { ShadowItems } from './shadow-items.js';
import { shadowTexts as texts } from './texts.js';
import classes from './shadow.module.css';

/** So many of the last differences stand below each client. */
const ITEMS_SHOWN = 3;

/** Client by client: what would have ended otherwise, and the last of it. */
export function ShadowClients({ report: { clients, clientCount, items } }: { report: PolicyShadowReport }) {
  return (
    <>
      <ul className={classes.list} aria-label={texts.views.clients}>
        {clients.map(({ clientId, ...counts }) => (
          <li key={clientId}>
            <div className={classes.line}>
              <TextLink to="/clients" search={{ c: clientId }} className="perch-mono" size="sm">
                {clientId}
              </TextLink>
              <ShadowCountsLine counts={counts} />
            </div>
            <ShadowItems
              items={items.filter((item) => item.clientId === clientId).slice(0, ITEMS_SHOWN)}
              label={texts.differencesOf(clientId)}
              isOfClient
            />
          </li>
        ))}
      </ul>
      {clientCount > clients.length && (
        <Text size="sm" c="dimmed">
          {texts.more(clientCount - clients.length)}
        </Text>
      )}
    </>
  );
}
