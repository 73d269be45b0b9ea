import { z } from 'zod';
import { FLOCK_PATH, FLYWHEEL_PATH, JSON_PATH, MQTT_PATH } from './door-paths.js';
import { PORT_OR_OFF, portOrOff, settingNotes, wholeNumber } from './setting.js';

/** Where other things are. */
const TAKEN = ['/', MQTT_PATH, JSON_PATH, '/api', '/health', '/metrics'];

/** Where a door is, or that there is none. */
function pathOrOff() {
  return z
    .string()
    .max(256)
    .regex(/^(off|(\/[\w.~-]+)+)$/)
    .refine((path) => !TAKEN.includes(path));
}

const PATH_OR_OFF = `a path like /door that is none of ${TAKEN.join(', ')}, or off`;

/** The doors of protocols beside MQTT and our own. */
export const doorSettings = {
  flywheelPath: pathOrOff().default(FLYWHEEL_PATH).register(settingNotes, {
    describe: 'Where clients of FLYWHEEL connect over WebSocket.',
    allowed: PATH_OR_OFF,
  }),
  flywheelPingSeconds: wholeNumber(1, 3_600).default(60).register(settingNotes, {
    describe: 'After how long a silence a client of FLYWHEEL is pinged.',
    allowed: 'a whole number from 1 to 3600',
  }),
  flywheelIdleSeconds: wholeNumber(1, 86_400).default(300).register(settingNotes, {
    describe: 'After how long a silence a client of FLYWHEEL is disconnected; a pong is no silence.',
    allowed: 'a whole number from 1 to 86400',
  }),
  flywheelRevoked: z.enum(['unsubscribe', 'disconnect']).default('unsubscribe').register(settingNotes, {
    describe: 'Whether a client of FLYWHEEL that loses a right to subscribe loses the subscription or the connection.',
    allowed: 'unsubscribe or disconnect',
  }),
  flockRegistryPort: portOrOff().default('off').register(settingNotes, {
    describe: 'The registry of FLOCK at a port of its own, beside /registry at the HTTP port.',
    allowed: PORT_OR_OFF,
  }),
  flockMaxInstances: wholeNumber(0, 1_000_000).default(10_000).register(settingNotes, {
    describe: 'Instances in the registry of FLOCK, over all services; 0 for no registry.',
    allowed: 'a whole number from 0 to 1000000',
  }),
  flockMaxInstancesPerUser: wholeNumber(0, 1_000_000).default(1_000).register(settingNotes, {
    describe: 'Of them, so many of one user; 0 for no bound of its own.',
    allowed: 'a whole number from 0 to 1000000',
  }),
  flockPath: pathOrOff().default(FLOCK_PATH).register(settingNotes, {
    describe: 'Where clients of FLOCK connect over WebSocket; off: nor at /ws without a subprotocol.',
    allowed: PATH_OR_OFF,
  }),
};
