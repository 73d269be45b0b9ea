/** After so long without a hand on it, what a page asks is asked by itself. */
const IDLE_MS = 60_000;

let lastTouchedAt = Date.now();

const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

for (const sign of signs) addEventListener(sign, noteTouched, { capture: true, passive: true });

/** Somebody is there. */
export function noteTouched(): void {
  lastTouchedAt = Date.now();
}

/** Nobody has touched the page for a minute: what it polls must not keep anybody signed in. */
export function isUntouched(): boolean {
  return Date.now() - lastTouchedAt > IDLE_MS;
}
