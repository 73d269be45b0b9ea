import { z } from 'zod';
import { settingNotes, wholeNumber } from './setting.js';

/** Where other things are. */
const TAKEN = ['/', '/mqtt', '/ws', '/api', '/health', '/metrics'];

/** Where a door is, or that there is none. */
function pathOrOff() {
  return z
    .string()
    .max(256)
    .regex(/^(off|(\/[\w.~-]+)+)$/)
    .refine((path) => !TAKEN.includes(path));
}

const PATH_OR_OFF = `a path like /broker that is none of ${TAKEN.join(', ')}, or off`;

/** The doors of protocols beside MQTT and our own. */
export const doorSettings = {
  flywheelPath: pathOrOff().default('/broker').register(settingNotes, {
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
};
