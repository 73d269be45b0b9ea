import { isIP } from 'node:net';
import { z } from 'zod';
import { inPlainWords } from '../../http/plain-issue.js';
import type { Instance } from './lease-book.js';

/** As the registry's own clients write it. */
const Registration = z.object({
  instance_id: z.string().min(1).max(256),
  ip_addr: z.string().refine((text) => isIP(text) !== 0, 'must be an IP address'),
  port: z.int().min(1).max(65_535),
});

/** What a path is about: the registry's health, a service, or an instance of one. */
export type RegistryPlace =
  | { readonly kind: 'health' }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'instance'; readonly service: string; readonly instance: string };

/** Reads a path, which begins behind the registry's own; null where there is nothing. */
export function readPlace(url: string): RegistryPlace | null {
  const path = url.split('?', 1)[0] ?? '';
  if (path === '/api/v1/healthcheck') return { kind: 'health' };
  const [, serviceText, instanceText] = /^\/api\/v1\/services\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const service = decoded(serviceText);
  if (service === null) return null;
  if (instanceText === undefined) return { kind: 'service', service };
  const instance = decoded(instanceText);
  return instance === null ? null : { kind: 'instance', service, instance };
}

/** Reads the body of a registration, or says what is wrong with it. */
export function readRegistration(body: Buffer): Instance | { readonly problem: string } {
  const { data, error } = Registration.safeParse(jsonOf(body), inPlainWords);
  if (!data) return { problem: `Not a registration: ${error.issues.map(wrongField).join(', ')}.` };
  return { instanceId: data.instance_id, address: data.ip_addr, port: data.port };
}

function wrongField({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.') || 'the body'} ${message}`;
}

/** One level of a topic, as it is in the policy's questions; null where it is none. */
function decoded(text = ''): string | null {
  try {
    const name = decodeURIComponent(text);
    return name === '' || name.length > 256 || /[/+#\0]/.test(name) ? null : name;
  } catch {
    return null;
  }
}

/** Undefined where it is none, which nothing is made of. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
