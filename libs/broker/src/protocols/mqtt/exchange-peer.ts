import type { CloseReason } from '../../events.js';
import type { Frame } from '../../frame.js';
import type { Peer } from '../../session.js';

/** What a packet leads to: go on, end the link with a refusal, or the client's own good-bye. */
export type Outcome = CloseReason | null;

/** The connection of an exchange. */
export interface ExchangePeer extends Peer {
  /** Sends an answer, which can be neither left out nor sent in parts [MQTT5-3.1.2-24]. */
  answer(frame: Frame, packetId: number): void;
  /** Takes nothing more until it is answered, and then goes on with this. */
  waitFor(answered: Promise<void>, goOn: () => Outcome): void;
  /** More may be taken from the client. */
  relieved(): void;
}
