/** Calls a handler of the application. Its exception is reported as uncaught and stops nothing else. */
export function callSafely<T>(handler: (value: T) => void, value: T): void {
  try {
    handler(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
