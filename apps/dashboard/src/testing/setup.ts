import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, vi } from 'vitest';
import { endTest } from './cleanups.js';

afterEach(() => {
  endTest();
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

// The next file has the same window.
const layout = ['clientHeight', 'clientWidth'] as const;
const own = layout.map((name) => [name, Object.getOwnPropertyDescriptor(Element.prototype, name)] as const);
afterAll(() => {
  vi.useRealTimers();
  for (const [name, descriptor] of own) Object.defineProperty(Element.prototype, name, descriptor ?? {});
});

// Whole pages, loaded when they are first opened, take their time on a busy machine.
configure({ asyncUtilTimeout: 30_000 });

// jsdom has no layout: what Mantine asks of one gets the answer of a desktop window.
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }) satisfies MediaQueryList;

class NoLayoutObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver ??= NoLayoutObserver;
Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
window.scrollTo = () => undefined;
window.HTMLElement.prototype.scrollIntoView = () => undefined;
