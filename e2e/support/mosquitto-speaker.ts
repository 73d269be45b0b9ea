import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QoS } from 'mqtt-packet';
import { hasMosquitto, killMosquitto, mosquittoPub, MosquittoSub } from './mosquitto.js';
import { DURABLE_SECONDS, isSecure, type Login, type Message, Refused, type Speaker } from './speaker.js';

/** How mosquitto_sub is to print a message: QoS, retained, topic, payload in hex. */
const FORMAT = 'HEARD %q %r %t %x';
const REFUSAL = /not authori[sz]ed|bad user name or password/i;

/** The programs of Debian's mosquitto-clients, each connection a process of its own. */
export const mosquittoSpeaker: Speaker = {
  name: "mosquitto's programs",
  // They know no WebSocket before version 2.1.
  transports: ['TCP', 'TLS'],
  missing: hasMosquitto ? null : 'mosquitto_pub and mosquitto_sub are not installed (Debian: mosquitto-clients)',

  async listen(login, filter, qos) {
    const subscribe = ['-t', filter, '-q', String(qos), '-F', FORMAT];
    const sub = await MosquittoSub.start(login, ...commonArgs(login), ...sessionArgs(login), ...subscribe);
    if (REFUSAL.test(sub.output)) throw new Refused(sub.output);
    const end = async (signal: NodeJS.Signals) => {
      sub.kill(signal);
      await sub.ended();
    };
    return {
      get heard() {
        return sub.output.split('\n').flatMap(readLine);
      },
      leave: () => end('SIGTERM'),
      vanish: () => end('SIGKILL'),
    };
  },

  async say(login, { topic, text, qos, retain }) {
    const folder = await mkdtemp(join(tmpdir(), 'perch-say-'));
    const file = join(folder, 'payload');
    await writeFile(file, text);
    const message = ['-t', topic, '-f', file, '-q', String(qos), ...(retain ? ['-r'] : [])];
    const { code, output } = await mosquittoPub(login, ...commonArgs(login), ...willArgs(login), ...message);
    await rm(folder, { recursive: true });
    if (REFUSAL.test(output)) throw new Refused(output);
    if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}: ${output}`);
  },

  hush: killMosquitto,
};

function commonArgs({ version, transport, caFile }: Login): string[] {
  // Of an option that is given twice the last one counts: the certificate is for the name, not for 127.0.0.1.
  const tls = isSecure(transport) ? ['-h', 'localhost', '--cafile', caFile] : [];
  return ['-V', version === 5 ? 'mqttv5' : 'mqttv311', ...tls];
}

function sessionArgs(login: Login): string[] {
  const durable = login.version === 5 ? ['-c', '-x', String(DURABLE_SECONDS)] : ['-c'];
  return [...(login.isDurable ? durable : []), ...willArgs(login)];
}

function willArgs({ will }: Login): string[] {
  if (!will) return [];
  const { topic, text, qos, retain } = will;
  const args = ['--will-topic', topic, '--will-payload', text, '--will-qos', String(qos)];
  return retain ? [...args, '--will-retain'] : args;
}

/** The last line may be only a part of one. */
function readLine(line: string, index: number, { length }: readonly string[]): Message[] {
  const [, qos, retain, topic, hex] = /^HEARD (\d) (\d) (\S+) ([0-9a-f]*)$/.exec(line) ?? [];
  if (topic === undefined || hex === undefined || index === length - 1) return [];
  return [{ topic, text: Buffer.from(hex, 'hex').toString(), qos: Number(qos) as QoS, retain: retain === '1' }];
}
