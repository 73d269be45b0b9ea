import { Text } from '@mantine/core';
import type { ClientDetail, ClientSession } from '../../shared/api/generated/types.gen.js';
import { Literal, literal } from '../../shared/ui/literal.js';
import { formatCount } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { DurableSession } from './durable-session.js';
import { Fact } from './fact.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { protocolName } from './presence-cells.js';
import { clientsTexts } from './texts.js';
import classes from './drawer.module.css';

const texts = clientsTexts.drawer;

/** Who the client is, what its session looks like while it is connected, and what is kept while it is not. */
export function SessionTab({ client }: { client: ClientDetail }) {
  const { session } = client;
  return (
    <>
      <dl className={classes.facts}>
        <Fact name={texts.user}>
          {client.username === null ? (
            clientsTexts.noUser
          ) : (
            <TextLink size="sm" to="/access/users" search={{ q: client.username }}>
              {literal(client.username)}
            </TextLink>
          )}
        </Fact>
        <Fact name={texts.protocol}>{protocolName(client.protocol)}</Fact>
        <Fact name={texts.address}>
          <Literal>{placeOf(client.address, session?.port ?? null)}</Literal>
        </Fact>
        <Fact name={texts.letInBy}>
          <Literal>{client.authenticator ?? uiTexts.unknown}</Literal>
        </Fact>
        <Fact name={texts.node}>{client.node}</Fact>
        {session && <SessionFacts session={session} isDurable={client.durable} />}
      </dl>
      {client.durable && <DurableSession clientId={client.clientId} />}
      {!session && !client.durable && (
        <Text size="sm" c="dimmed" mt="md">
          {texts.offlineSession}
        </Text>
      )}
    </>
  );
}

/** The address, with the port where it is connected: which of several behind one address it is. */
function placeOf(address: string | null, port: number | null): string | null {
  if (address === null || port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function SessionFacts({ session, isDurable }: { session: ClientSession; isDurable: boolean }) {
  const { keepAliveSeconds, will } = session;
  return (
    <>
      <Fact name={texts.connectedAt}>
        <RelativeTime at={session.connectedAt} />
      </Fact>
      <Fact name={texts.listener}>
        <Literal>{session.listener ?? uiTexts.unknown}</Literal>
      </Fact>
      {session.certificateName !== null && (
        <Fact name={texts.certificate}>
          <Literal>{session.certificateName}</Literal>
        </Fact>
      )}
      <Fact name={texts.keepAlive}>
        {keepAliveSeconds === 0 ? texts.keepAliveOff : texts.seconds(keepAliveSeconds)}
      </Fact>
      <Fact name={texts.sessionKind}>{isDurable ? texts.keptSession : texts.cleanStart}</Fact>
      <Fact name={clientsTexts.traffic.messagesIn}>{formatCount(session.messagesIn)}</Fact>
      <Fact name={clientsTexts.traffic.messagesOut}>{formatCount(session.messagesOut)}</Fact>
      <Fact name={texts.inFlight}>{texts.of(formatCount(session.inFlight), formatCount(session.inFlightMax))}</Fact>
      <Fact name={texts.queued}>{texts.of(formatCount(session.queued), formatCount(session.queuedMax))}</Fact>
      <Fact name={texts.awaitingRelease}>{formatCount(session.awaitingRelease)}</Fact>
      <Fact name={texts.dropped}>{formatCount(session.dropped)}</Fact>
      <Fact name={texts.will}>
        {will === null ? (
          texts.noWill
        ) : (
          <>
            <Literal>{will.topic}</Literal> · {texts.qos(will.qos)}
            {will.retain && ` · ${texts.retained}`}
          </>
        )}
      </Fact>
    </>
  );
}
