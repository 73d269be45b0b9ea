import type { Door } from './door.js';
import { flywheelDoor } from './flywheel-door.js';
import { jsonDoor } from './json-door.js';
import { mqttDoor } from './mqtt-door.js';
import { plainDoor } from './plain-door.js';

/** Every door that is measured, by its name in the table; the one that the others are held against comes last. */
export const doors = {
  '/ws': jsonDoor,
  '/broker': flywheelDoor,
  '/mqtt': mqttDoor,
  'plain ws': plainDoor,
} as const satisfies Record<string, Door>;

/** The name of one. */
export type DoorName = keyof typeof doors;
