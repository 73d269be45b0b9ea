/** The words of the page that shows how to connect a device. */
export const connectTexts = {
  label: 'How to connect a device',
  tabs: { mosquitto: 'mosquitto', mqttjs: 'mqtt.js', python: 'Python', arduino: 'Arduino', browser: 'Browser' },
  copyLabel: 'snippet',
  noMqtt: 'MQTT over TCP is switched off on this server.',
  credentials: 'Create a user under Access, Users first, and put its name and password in place of the two words.',
  anonymous: 'Clients may connect without a user on this server.',
} as const;
