import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import mqtt, { type IClientOptions, type IConnackPacket, type MqttClient } from 'mqtt';
import mqttPacket, { type IAuthPacket } from 'mqtt-packet';
import { waitFor, within } from './wait-for.js';

const METHOD = 'SCRAM-SHA-256';
const CONTINUE = 0x18;
const RE_AUTHENTICATE = 0x19;

/** The client's side of SCRAM-SHA-256 (RFC 5802), as somebody would write it who has only the RFC. */
class Scram {
  private readonly nonce = randomBytes(12).toString('base64');
  private expected = '';

  constructor(
    private readonly username: string,
    private readonly password: string,
  ) {}

  first(): Buffer {
    return Buffer.from(`n,,${this.bare}`);
  }

  final(challenge: Buffer): Buffer {
    const [, nonce = '', salt = '', iterations = ''] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge.toString()) ?? [];
    const salted = pbkdf2Sync(this.password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=biws,r=${nonce}`;
    const signed = `${this.bare},${challenge.toString()},${withoutProof}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
    this.expected = `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`;
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`);
  }

  /** The server knows the password, too. */
  trusts(serverFinal: Buffer | undefined): boolean {
    return this.expected !== '' && serverFinal?.toString() === this.expected;
  }

  private get bare(): string {
    return `n=${this.username},r=${this.nonce}`;
  }
}

/** A device that uses mqtt.js and proves its password with SCRAM-SHA-256. */
export class ScramDevice {
  readonly messages: string[] = [];
  isTrusting = false;
  isClosed = false;
  private scram: Scram;
  private done: IAuthPacket | null = null;

  private constructor(
    readonly mqtt: MqttClient,
    scram: Scram,
  ) {
    this.scram = scram;
    mqtt.on('message', (topic, payload) => this.messages.push(`${topic}=${payload.toString()}`));
    mqtt.on('close', () => (this.isClosed = true));
    mqtt.on('error', () => undefined);
    mqtt.handleAuth = (packet, callback) => {
      const isAsked = packet.reasonCode === CONTINUE;
      if (!isAsked) this.done = packet;
      callback(undefined, isAsked ? this.answer(packet) : undefined);
    };
  }

  /** Resolves when the broker has let it in; rejects with mqtt.js's error, whose `code` is the broker's. */
  static async connect(url: string, [username, password]: readonly [string, string], options: IClientOptions = {}) {
    const scram = new Scram(username, password);
    const properties = { authenticationMethod: METHOD, authenticationData: scram.first() };
    const client = mqtt.connect(url, { protocolVersion: 5, reconnectPeriod: 0, properties, ...options });
    const device = new ScramDevice(client, scram);
    const settled = new Promise<IConnackPacket>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('error', reject);
      client.once('close', () => setImmediate(reject, new Error('The broker closed the connection.')));
    });
    const { properties: told } = await within(settled, { what: `${username} to be let in` });
    device.isTrusting = told?.authenticationMethod === METHOD && scram.trusts(told.authenticationData);
    return device;
  }

  /** Proves, over the open connection, to be this user. Resolves when the broker says so. */
  async authenticateAgain(username: string, password: string): Promise<void> {
    this.scram = new Scram(username, password);
    this.done = null;
    const properties = { authenticationMethod: METHOD, authenticationData: this.scram.first() };
    const packet = { cmd: 'auth', reasonCode: RE_AUTHENTICATE, properties } as const;
    this.mqtt.stream.write(mqttPacket.generate(packet, { protocolVersion: 5 }));
    const answer = await waitFor(() => this.done ?? (this.isClosed ? 'closed' : null), { what: 'the answer' });
    if (answer === 'closed') throw new Error('The broker closed the connection.');
    this.isTrusting = this.scram.trusts(answer.properties?.authenticationData);
  }

  private answer({ properties }: IAuthPacket): IAuthPacket {
    const challenge = properties?.authenticationData ?? Buffer.alloc(0);
    const answer = { authenticationMethod: METHOD, authenticationData: this.scram.final(challenge) };
    return { cmd: 'auth', reasonCode: CONTINUE, properties: answer };
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
