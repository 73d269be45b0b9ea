import type { DurableDeliveries } from './durable-deliveries.js';
import type { SessionStore, StoredDelivery } from './ports/session-store.js';

/**
 * Gives what a session that has ended was owed through shared subscriptions to `passOn`, and settles it. QoS 2 that the
 * client may have got is for nobody else [MQTT5-4.8.2-5].
 */
export async function passOnShares(
  store: SessionStore,
  deliveries: DurableDeliveries,
  passOn: (delivery: StoredDelivery) => void,
): Promise<void> {
  const limit = { count: 256, bytes: 1024 * 1024 };
  for (let page = await store.read(deliveries.id, 0, limit); page.length > 0;) {
    for (const delivery of page) {
      if (delivery.share === null || (delivery.qos === 2 && deliveries.mayHaveSent(delivery.seq))) continue;
      passOn(delivery);
      store.settle(deliveries.id, delivery.seq); // in the same turn: no crash brings it to two
    }
    page = await store.read(deliveries.id, (page.at(-1) as StoredDelivery).seq, limit);
  }
}
