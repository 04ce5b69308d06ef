import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../policy/steps.js';

/** Does the work in slices of about this many milliseconds, between which connections are answered. */
export async function finishInSlices<T>(steps: Steps<T>, sliceMillis: number): Promise<T> {
  for (;;) {
    const end = performance.now() + sliceMillis;
    while (performance.now() < end) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await setImmediate();
  }
}
