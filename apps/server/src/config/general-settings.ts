import { z } from 'zod';
import { settingNotes } from './setting.js';

/** A host as devices reach it: a name, an IPv4 address, or an IPv6 address. */
const HOST = /^([a-z\d]([a-z\d.-]*[a-z\d])?|[\da-f:.]*:[\da-f:.]*)$/i;

/** What the broker is called. */
export const generalSettings = {
  brokerName: z.string().trim().min(1).max(64).optional().register(settingNotes, {
    describe: 'What the dashboard calls this broker; the name of the machine where left out.',
    allowed: 'a text of up to 64 characters',
  }),
  publicHost: z.string().max(253).regex(HOST).optional().register(settingNotes, {
    describe:
      'The name or address under which devices reach this broker, as snippets show it; that of the page where left out.',
    allowed: 'a host name or an IP address, without a port',
  }),
};
