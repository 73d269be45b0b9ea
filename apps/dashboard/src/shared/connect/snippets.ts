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
  /** Whom the snippet is for, where that is known. */
  readonly login?: SnippetLogin;
}

/** What a device connects with. */
export interface SnippetLogin {
  readonly username: string;
  readonly password: string;
  /** Empty for any. */
  readonly clientId: string;
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
  const { username, password, clientId } = loginOf(target, 'my-device');
  const login = needsLogin(target) ? ` -u ${shellWord(username)} -P ${shellWord(password)}` : '';
  const tls = secure ? ' --tls-use-os-certs' : '';
  const host = target.host.replace(/^\[|\]$/g, '');
  return `mosquitto_pub -h ${host} -p ${port}${tls} -i ${shellWord(clientId)}${login} -t hello/world -m "Hello"`;
}

/** A Node program that subscribes and publishes over TCP. */
export function mqttJsSnippet(target: ConnectTarget): string {
  const { port, secure } = mqttDoor(target) ?? usualDoor;
  return `// npm install mqtt
import mqtt from 'mqtt';

const client = mqtt.connect('${secure ? 'mqtts' : 'mqtt'}://${bracketed(target.host)}:${port}', {
  ${optionsOf(target, 'my-device').join('\n  ')}
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
    ${optionsOf(target, 'my-browser').join('\n    ')}
  });
  client.on('connect', () => client.subscribe('hello/#'));
  client.on('message', (topic, payload) => console.log(topic, payload.toString()));
</script>`;
}

function needsLogin({ anonymous, login }: ConnectTarget): boolean {
  return !anonymous || login !== undefined;
}

function loginOf({ login }: ConnectTarget, usualClientId: string): SnippetLogin {
  const { username, password, clientId } = login ?? { username: 'USER', password: 'PASSWORD', clientId: '' };
  return { username, password, clientId: clientId || usualClientId };
}

/** The properties of a JavaScript object that log in. */
function optionsOf(target: ConnectTarget, usualClientId: string): string[] {
  const { username, password, clientId } = loginOf(target, usualClientId);
  const options = Object.entries({ clientId, ...(needsLogin(target) && { username, password }) });
  return options.map(([name, value]) => `${name}: ${quoted(value)},`);
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&').replaceAll('</', '<\\/')}'`;
}

/** A word of a shell, in quotes where it needs them. */
function shellWord(text: string): string {
  return /^[\w.:@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
