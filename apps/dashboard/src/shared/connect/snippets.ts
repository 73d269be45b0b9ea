import type { ServerInfo } from '../api/generated/types.gen.js';

/** What a snippet needs to know of the server it is shown by. */
export interface ConnectTarget {
  readonly host: string;
  /** The page's own protocol decides between ws: and wss:. */
  readonly isSecurePage: boolean;
  /** The port of the page, where the address names one. */
  readonly pagePort: string;
  readonly listeners: ServerInfo['listeners'];
  readonly anonymous: boolean;
}

/** Where clients speak MQTT at a port, with TLS only where there is nothing else, or null where that is off. */
export function mqttDoor({ listeners }: ConnectTarget): { readonly port: number; readonly secure: boolean } | null {
  const doors = listeners.flatMap(({ kind, port, secure }) =>
    kind === 'mqtt' && port !== null ? [{ port, secure }] : [],
  );
  return doors.find(({ secure }) => !secure) ?? doors[0] ?? null;
}

const usualDoor = { port: 1883, secure: false };

function webSocketUrl({ host, isSecurePage, pagePort, listeners }: ConnectTarget): string {
  const path = listeners.find(({ kind }) => kind === 'mqtt-ws')?.path ?? '/mqtt';
  return `${isSecurePage ? 'wss' : 'ws'}://${bracketed(host)}${pagePort === '' ? '' : `:${pagePort}`}${path}`;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** A command line that publishes one message with Mosquitto's client. */
export function mosquittoSnippet(target: ConnectTarget): string {
  const { port, secure } = mqttDoor(target) ?? usualDoor;
  const login = target.anonymous ? '' : ' -u USER -P PASSWORD';
  const tls = secure ? ' --tls-use-os-certs' : '';
  const host = target.host.replace(/^\[|\]$/g, '');
  return `mosquitto_pub -h ${host} -p ${port}${tls} -i my-device${login} -t hello/world -m "Hello"`;
}

/** A Node program that subscribes and publishes over TCP. */
export function mqttJsSnippet(target: ConnectTarget): string {
  const { port, secure } = mqttDoor(target) ?? usualDoor;
  return `// npm install mqtt
import mqtt from 'mqtt';

const client = mqtt.connect('${secure ? 'mqtts' : 'mqtt'}://${bracketed(target.host)}:${port}', {
  clientId: 'my-device',${target.anonymous ? '' : "\n  username: 'USER',\n  password: 'PASSWORD',"}
});
client.on('connect', () => {
  client.subscribe('hello/#');
  client.publish('hello/world', 'Hello');
});
client.on('message', (topic, payload) => console.log(topic, payload.toString()));`;
}

/** The same from a web page, over a WebSocket. */
export function browserSnippet(target: ConnectTarget): string {
  return `<script type="module">
  import mqtt from 'https://esm.sh/mqtt@5';

  const client = mqtt.connect('${webSocketUrl(target)}', {
    clientId: 'my-browser',${target.anonymous ? '' : "\n    username: 'USER',\n    password: 'PASSWORD',"}
  });
  client.on('connect', () => client.subscribe('hello/#'));
  client.on('message', (topic, payload) => console.log(topic, payload.toString()));
</script>`;
}
