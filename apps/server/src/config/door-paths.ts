/** Where MQTT clients connect over WebSocket, and at every other path that is nobody else's. */
export const MQTT_PATH = '/mqtt';

/** Where clients of our own JSON protocol connect. */
export const JSON_PATH = '/ws';

/** Where clients of FLYWHEEL connect, unless the settings say another path. */
export const FLYWHEEL_PATH = '/broker';

/** Where clients of FLOCK connect, unless the settings say another path; and at `JSON_PATH` without a subprotocol. */
export const FLOCK_PATH = '/flight/ws';
