import { z } from 'zod';

/** What this server is and where it listens. */
export const ServerInfo = z
  .object({
    version: z.string(),
    node: z.string(),
    name: z.string().describe('What the broker is called: the name of its machine unless somebody named it.'),
    publicHost: z.string().nullable().describe('Where devices reach it; null for the host of this very page.'),
    listeners: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['mqtt', 'http', 'mqtt-ws', 'json-ws', 'flywheel-ws', 'flock-ws', 'registry']),
        secure: z.boolean().describe('Over TLS.'),
        host: z.string().nullable().describe('Null for a Unix socket.'),
        port: z.int().nullable().describe('Null for a Unix socket.'),
        socket: z.string().nullable().describe('The file of a Unix socket.'),
        path: z.string().optional(),
      }),
    ),
    database: z.enum(['embedded', 'external']),
    anonymous: z.boolean(),
    isOpen: z.boolean().describe('Whoever reaches the broker may connect, and do what no rule denies.'),
  })
  .meta({ id: 'ServerInfo' });

export type ServerInfo = z.infer<typeof ServerInfo>;
