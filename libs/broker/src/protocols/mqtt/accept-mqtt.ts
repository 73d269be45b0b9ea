import type { Broker } from '../../broker.js';
import type { Link } from '../../link.js';
import { anyListener, type ListenerTerms } from '../../listener-terms.js';
import { MqttConnection } from './mqtt-connection.js';
import { turnAway } from './turned-away.js';

/** Serves an MQTT client on a fresh link, on its listener's terms; refused links are closed at once. */
export function acceptMqtt(broker: Broker, link: Link, terms: ListenerTerms = anyListener): void {
  const connection = new MqttConnection(broker, link, terms);
  const refusal = broker.link(connection);
  if (refusal) {
    broker.counters.refuse(refusal);
    if (refusal === 'server-busy') turnAway(broker, link, refusal);
    else link.destroy();
  } else link.open(connection);
}
