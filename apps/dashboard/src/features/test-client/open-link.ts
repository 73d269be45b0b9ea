import { openJsonLink } from './json-link.js';
import type { LinkEvents, LinkTarget, TestLink } from './link.js';

/** Opens a link; the MQTT library is loaded when it is first needed. */
export async function openLink(target: LinkTarget, events: LinkEvents): Promise<TestLink> {
  if (target.protocol === 'json') return openJsonLink(target, events);
  const { openMqttLink } = await import('./mqtt-link.js');
  return openMqttLink(target, events);
}
