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
  /** What it publishes; a greeting on the topics that a device may use from the start where left out. */
  readonly message?: SnippetMessage;
}

/** What a snippet publishes, as text. */
export interface SnippetMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
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

/** Where the device that is named is heard, and where it is reached: what the rules of the set-up and the templates allow. */
const greetingOf = (clientId: string): SnippetMessage => ({
  topic: `toCloud/${clientId}`,
  payload: 'Hello',
  qos: 0,
  retain: false,
});
const subscribedTo = ({ message }: ConnectTarget, clientId: string) => message?.topic ?? `toDevice/${clientId}`;

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
  const host = bareHost(target);
  const { topic, payload, qos, retain } = target.message ?? greetingOf(clientId);
  const delivery = `${qos > 0 ? ` -q ${qos}` : ''}${retain ? ' -r' : ''}`;
  const message = `-t ${shellWord(topic)} -m ${target.message ? shellWord(payload) : '"Hello"'}${delivery}`;
  return `mosquitto_pub -h ${host} -p ${port}${tls} -i ${shellWord(clientId)}${login} ${message}`;
}

/** A Node program that subscribes and publishes over TCP. */
export function mqttJsSnippet(target: ConnectTarget): string {
  const { port, secure } = mqttDoor(target) ?? usualDoor;
  const { clientId } = loginOf(target, 'my-device');
  return `// npm install mqtt
import mqtt from 'mqtt';

const client = mqtt.connect('${secure ? 'mqtts' : 'mqtt'}://${bracketed(target.host)}:${port}', {
  ${optionsOf(target, 'my-device').join('\n  ')}
});
client.on('connect', () => {
  client.subscribe(${quoted(subscribedTo(target, clientId))});
  client.publish(${publishArguments(target.message ?? greetingOf(clientId))});
});
client.on('message', (topic, payload) => console.log(topic, payload.toString()));`;
}

function publishArguments({ topic, payload, qos, retain }: SnippetMessage): string {
  const options = qos > 0 || retain ? [`{ qos: ${qos}, retain: ${String(retain)} }`] : [];
  return [quoted(topic), quoted(payload), ...options].join(', ');
}

/** A Python program that subscribes and publishes over TCP, with Eclipse Paho. */
export function pythonSnippet(target: ConnectTarget): string {
  const { port, secure } = mqttDoor(target) ?? usualDoor;
  const { username, password, clientId } = loginOf(target, 'my-device');
  const { topic, payload, qos, retain } = target.message ?? greetingOf(clientId);
  const lines = [
    '# pip install paho-mqtt',
    'import paho.mqtt.client as mqtt',
    '',
    `client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=${doubleQuoted(clientId)})`,
    ...(needsLogin(target) ? [`client.username_pw_set(${doubleQuoted(username)}, ${doubleQuoted(password)})`] : []),
    ...(secure ? ['client.tls_set()'] : []),
    '',
    'def connected(client, userdata, flags, reason, properties):',
    '    print(reason)',
    `    client.subscribe(${doubleQuoted(subscribedTo(target, clientId))})`,
    `    client.publish(${doubleQuoted(topic)}, ${doubleQuoted(payload)}, qos=${qos}, retain=${retain ? 'True' : 'False'})`,
    '',
    'client.on_connect = connected',
    'client.on_message = lambda client, userdata, message: print(message.topic, message.payload)',
    `client.connect(${doubleQuoted(bareHost(target))}, ${port})`,
    'client.loop_forever()',
  ];
  return lines.join('\n');
}

/** A sketch for an ESP32 or another board with WiFi, with PubSubClient. */
export function arduinoSnippet(target: ConnectTarget): string {
  const { port, secure } = mqttDoor(target) ?? usualDoor;
  const { username, password, clientId } = loginOf(target, 'my-device');
  const { topic, payload, retain } = target.message ?? greetingOf(clientId);
  const login = needsLogin(target) ? `, ${doubleQuoted(username)}, ${doubleQuoted(password)}` : '';
  return `// Library: PubSubClient
#include <WiFi${secure ? 'ClientSecure' : ''}.h>
#include <PubSubClient.h>

WiFiClient${secure ? 'Secure' : ''} network;
PubSubClient client(network);

void setup() {
  WiFi.begin("NETWORK", "NETWORK PASSWORD");
  while (WiFi.status() != WL_CONNECTED) delay(200);${secure ? '\n  network.setCACert(AUTHORITY_PEM);' : ''}
  client.setServer("${bareHost(target)}", ${port});
}

void loop() {
  if (!client.connected() && client.connect(${doubleQuoted(clientId)}${login}))
    client.publish(${doubleQuoted(topic)}, ${doubleQuoted(payload)}, ${String(retain)});
  client.loop();
}`;
}

/** The same from a web page, over a WebSocket. */
export function browserSnippet(target: ConnectTarget): string {
  const { clientId } = loginOf(target, 'my-browser');
  return `<script type="module">
  import mqtt from 'https://esm.sh/mqtt@5';

  const client = mqtt.connect('${webSocketUrl(target)}', {
    ${optionsOf(target, 'my-browser').join('\n    ')}
  });
  client.on('connect', () => client.subscribe(${quoted(`toDevice/${clientId}`)}));
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

/** A text of JavaScript. */
function quoted(text: string): string {
  return `'${escaped(text)}'`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('</', '<\\/');
}

/** A text of Python, and of C. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text);
}

function bareHost({ host }: ConnectTarget): string {
  return host.replace(/^\[|\]$/g, '');
}

/** A word of a shell, in quotes where it needs them. */
function shellWord(text: string): string {
  return /^[\w.:@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
