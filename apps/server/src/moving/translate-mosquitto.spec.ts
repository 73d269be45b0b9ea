import { describe, expect, test } from 'vitest';
import { readConfig } from '../config/read-config.js';
import { readMosquittoConf } from './mosquitto-conf.js';
import { type MosquittoTranslation, translateMosquitto } from './translate-mosquitto.js';

const translate = (text: string, more: Readonly<Record<string, string>> = {}): MosquittoTranslation => {
  const all: Readonly<Record<string, string>> = { 'mosquitto.conf': text, ...more };
  const read = (path: string) => {
    const found = all[path];
    if (found === undefined) throw new Error(`There is no ${path}.`);
    return found;
  };
  const list = (folder: string) =>
    Object.keys(all).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []));
  return translateMosquitto(readMosquittoConf('mosquitto.conf', { read, list, join: (a, b) => `${a}/${b}` }));
};

const fates = (text: string) =>
  Object.fromEntries(translate(text).lines.map(({ text: line, fate }) => [line.split(' ', 1).join(), fate]));

describe('a mosquitto.conf', () => {
  test('of Debian: no listener means this machine alone, and folders are read', () => {
    const { settings, lines, passwordFiles } = translate(
      'persistence true\npersistence_location /var/lib/mosquitto/\nlog_dest file /var/log/m.log\ninclude_dir conf.d\n',
      {
        'conf.d/b.conf': 'allow_anonymous false',
        'conf.d/a.conf': 'password_file /etc/mosquitto/passwd',
        'conf.d/README': 'x',
      },
    );
    expect(settings).toEqual({
      allowAnonymous: false,
      mqttPort: 'off',
      listeners: [{ name: 'mqtt-1883', kind: 'mqtt', port: 1883, host: '127.0.0.1' }],
    });
    expect(passwordFiles).toEqual(['/etc/mosquitto/passwd']);
    expect(lines.map(({ place }) => place)).toEqual([
      'mosquitto.conf:1',
      'mosquitto.conf:2',
      'mosquitto.conf:3',
      'a.conf:1',
      'b.conf:1',
      '-',
    ]);
  });

  test('with listeners: each with its own TLS, limits and anonymous clients, and room for the dashboard', () => {
    const { settings } = translate(
      [
        'per_listener_settings true',
        'listener 1883 10.0.0.1',
        'allow_anonymous true',
        'listener 8883',
        'certfile /c.pem',
        'keyfile /k.pem',
        'cafile /ca.pem',
        'require_certificate true',
        'use_identity_as_username true',
        'max_connections 500',
        'listener 8080',
        'protocol websockets',
        'listener 0 /run/m.sock',
      ].join('\n'),
    );
    const tls = {
      cert: '/c.pem',
      key: '/k.pem',
      clientCa: '/ca.pem',
      clientCertificates: 'required',
      certificateAs: 'username',
    };
    expect(settings).toEqual({
      httpPort: 8081,
      mqttPort: 'off',
      listeners: [
        { name: 'mqtt-1883', kind: 'mqtt', port: 1883, host: '10.0.0.1', allowAnonymous: true },
        { name: 'mqtt-8883', kind: 'mqtt', port: 8883, maxConnections: 500, tls },
        { name: 'mqtt-8080', kind: 'websocket', port: 8080 },
        { name: 'mqtt-socket-4', kind: 'mqtt', socket: '/run/m.sock' },
      ],
    });
  });

  test('comes to settings that this broker takes', () => {
    const { settings } = translate(
      [
        'max_inflight_messages 0',
        'max_queued_messages 1000000000',
        'max_queued_bytes 0',
        'message_size_limit 1000000',
        'max_keepalive 600',
        'persistent_client_expiration 2m',
        'queue_qos0_messages true',
        'log_type all',
        'max_topic_alias 10',
        'listener 1884',
      ].join('\n'),
    );
    const read = readConfig({ args: flagsOf(settings), env: {}, cwd: '/' });
    expect('config' in read && read.config).toMatchObject({
      maxInFlight: 65_535,
      maxPacketBytes: 1_000_000,
      maxKeepAliveSeconds: 600,
      maxSessionExpirySeconds: 5_184_000,
      queueQos0: true,
      logLevel: 'debug',
      maxTopicAliases: 10,
    });
  });

  test('that includes itself is refused with its name', () => {
    expect(() => translate('include_dir conf.d', { 'conf.d/a.conf': 'include_dir conf.d' })).toThrow('conf.d/a.conf');
  });

  test('is told line by line, also what has no meaning here', () => {
    expect(
      fates(
        'connection up\nbridge_insecure true\nremote_password secret\nmount_point a/\nno_such_key 1\nset_tcp_nodelay true',
      ),
    ).toMatchObject({
      connection: 'left-out',
      bridge_insecure: 'left-out',
      remote_password: 'left-out',
      mount_point: 'left-out',
      no_such_key: 'left-out',
      set_tcp_nodelay: 'kept',
      '(no': 'differs',
    });
    expect(JSON.stringify(translate('remote_password secret').lines)).not.toContain('secret');
  });

  test('with the dynamic-security plugin brings its document', () => {
    const plugin = 'plugin /usr/lib/mosquitto_dynamic_security.so\nplugin_opt_config_file /etc/dynsec.json';
    expect(translate(plugin)).toMatchObject({ dynamicSecurityFiles: ['/etc/dynsec.json'] });
    expect(translate('plugin /other.so\nplugin_opt_config_file /x')).toMatchObject({ dynamicSecurityFiles: [] });
  });
});

function flagsOf(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => [
    `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}
