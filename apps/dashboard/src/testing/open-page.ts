import { vi } from 'vitest';
import type { Me } from '../shared/api/generated/types.gen.js';
import type { Answer, Answers, AskedRequest } from './api-server.js';
import { MemorySocket } from './memory-socket.js';
import { anAdmin, aViewer, openApp } from './open-app.js';

/** Somebody who may do everything on the pages of the broker. */
const anOperator: Me = {
  ...anAdmin,
  role: 'operator',
  permissions: [...aViewer.permissions, 'policy:write', 'clients:write', 'messages:read', 'messages:write'],
};

const signedIn = {
  viewer: aViewer,
  operator: anOperator,
  admin: { ...anOperator, role: 'admin', permissions: [...anOperator.permissions, 'policy:override'] },
} satisfies Record<string, Me>;

/** As whom a test opens a page. */
export type TestRole = keyof typeof signedIn;

/** A request that the page made, and where. */
export interface SeenRequest extends AskedRequest {
  readonly route: string;
}

/** Answers by `METHOD /path` below /api/v1; can be exchanged while the test runs. */
export type Routes = Record<string, (request: AskedRequest) => Answer>;

const always: Routes = {
  'GET /server': () => ({ body: { version: '1', node: 'n', listeners: [], database: 'embedded', anonymous: false } }),
};

/** Opens an address with a live feed that the test speaks through, and remembers every request. */
export async function openPage(role: TestRole, address: string, routes: Routes) {
  const seen: SeenRequest[] = [];
  const current: Routes = { ...always, ...routes };
  const answers: Answers = {};
  for (const route of Object.keys(current)) {
    answers[route.replace(' ', ' /api/v1')] = (request) => {
      seen.push({ ...request, route });
      return current[route]?.(request) ?? { status: 404 };
    };
  }
  MemorySocket.opened = [];
  vi.stubGlobal('WebSocket', MemorySocket);
  pretendLayout();
  const app = await openApp(address, answers, signedIn[role]);
  return { ...app, seen, routes: current, socket: () => MemorySocket.opened.at(-1)! };
}

/** Gives every element a size, so that virtual lists paint their rows in a document without layout. */
function pretendLayout(): void {
  Object.defineProperty(Element.prototype, 'clientHeight', { configurable: true, get: () => 600 });
  Object.defineProperty(Element.prototype, 'clientWidth', { configurable: true, get: () => 1000 });
}
