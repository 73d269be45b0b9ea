import { describe, expect, test } from 'vitest';
import { explainMissingMosquitto, hasMosquitto, mosquittoPub, MosquittoSub } from '../support/mosquitto.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const PASSWORD = 'joy-password-1';

explainMissingMosquitto();

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', PASSWORD);
  await admin.setRules([allow('joy', 'pubsub', 'plant/#')]);
});

let names = 0;
const login = (password = PASSWORD) => {
  names++;
  return { port: perch.server.mqttPort, clientId: `mosquitto-${names}`, username: 'joy', password };
};

describe.skipIf(!hasMosquitto).each(['mqttv31', 'mqttv311', 'mqttv5'])("mosquitto's programs speak %s", (version) => {
  const v = ['-V', version];

  test.each(['0', '1', '2'])('QoS %s messages go from mosquitto_pub to mosquitto_sub [MQTT-7.0.0-2]', async (qos) => {
    const sub = await MosquittoSub.start(login(), ...v, '-t', 'plant/+/speed', '-q', qos, '-v', '-C', '2');
    expect(await mosquittoPub(login(), ...v, '-t', 'plant/1/speed', '-m', 'fast', '-q', qos)).toMatchObject({
      code: 0,
    });
    expect(await mosquittoPub(login(), ...v, '-t', 'plant/2/speed', '-m', 'slow', '-q', qos)).toMatchObject({
      code: 0,
    });
    expect(await sub.ended()).toBe(0);
    expect(sub.output).toContain('plant/1/speed fast\n');
    expect(sub.output).toContain('plant/2/speed slow\n');
  });

  test('a retained message waits for mosquitto_sub', async () => {
    const topic = `plant/retained/${version}`;
    await mosquittoPub(login(), ...v, '-t', topic, '-m', 'kept', '-q', '1', '-r');
    const sub = await MosquittoSub.start(login(), ...v, '-t', topic, '-v', '-C', '1');
    expect(await sub.ended()).toBe(0);
    expect(sub.output).toContain(`${topic} kept\n`);
  });

  test('a wrong password is refused in words that mosquitto_pub understands', async () => {
    const { code, output } = await mosquittoPub(login('wrong'), ...v, '-t', 'plant/x', '-m', 'x');
    expect(code).not.toBe(0);
    expect(output).toMatch(/not authori[sz]ed|bad user name or password/i);
  });

  test.skipIf(version === 'mqttv31')('a subscription that no rule allows is refused', async () => {
    const sub = await MosquittoSub.start(login(), ...v, '-t', 'elsewhere/#');
    await sub.says(/All subscription requests were denied/i);
    await sub.ended();
  });

  // MQTT 3.1 has no way to say no.
  test.runIf(version === 'mqttv31')(
    'what no rule allows is acknowledged and comes to nothing [MQTT31-3.3-1] [MQTT31-3.8-1]',
    async () => {
      const topics = ['-t', 'elsewhere/#', '-t', 'plant/allowed'];
      const sub = await MosquittoSub.start(login(), ...v, ...topics, '-q', '1', '-v', '-C', '1');
      for (const topic of ['elsewhere/x', 'plant/allowed']) {
        expect(await mosquittoPub(login(), ...v, '-t', topic, '-m', 'x', '-q', '1')).toMatchObject({ code: 0 });
      }
      expect(await sub.ended()).toBe(0);
      expect(sub.output).toContain('plant/allowed x\n');
      expect(sub.output).not.toContain('elsewhere/x x\n');
    },
  );

  test('a will is published when mosquitto_sub is killed', async () => {
    const watcher = await MosquittoSub.start(login(), ...v, '-t', 'plant/will', '-v', '-C', '1');
    const will = ['--will-topic', 'plant/will', '--will-payload', `gone ${version}`, '--will-qos', '1'];
    const victim = await MosquittoSub.start(login(), ...v, '-t', 'plant/nothing', ...will);
    victim.kill();
    await watcher.ended();
    expect(watcher.output).toContain(`plant/will gone ${version}\n`);
  });

  test('one that is frozen misses its keep-alive and is shown as offline', async () => {
    const who = login();
    const sub = await MosquittoSub.start(who, ...v, '-t', 'plant/frozen', '-k', '5');
    expect(await perch.admin.client(who.clientId)).toMatchObject({ online: true });
    sub.kill('SIGSTOP');
    const offline = async () => (await perch.admin.client(who.clientId))?.online === false;
    await waitFor(offline, { what: 'the frozen client to be shown as offline', timeoutMs: 15_000 });
    expect(await perch.admin.client(who.clientId)).toMatchObject({ reason: 'keep-alive-timeout' });
  });
});

test.skipIf(!hasMosquitto)('mosquitto_pub -V 5 is told that its publish is not authorised', async () => {
  const { output } = await mosquittoPub(login(), '-V', 'mqttv5', '-t', 'elsewhere', '-m', 'x', '-q', '1', '-d');
  expect(output).toMatch(/not authori[sz]ed|RC:135|reason_code=135|\(135\)/i);
});
