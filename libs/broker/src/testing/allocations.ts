import { Session, type HeapProfiler } from 'node:inspector/promises';

/** Bytes between two samples: few enough for a figure that stays the same from run to run. */
const SAMPLING_INTERVAL = 512;

/** Bytes of the JavaScript heap that are taken while it runs, freed or not. */
export async function allocatedWhile(run: () => void): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.startSampling', {
      samplingInterval: SAMPLING_INTERVAL,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    run();
    const { profile } = await session.post('HeapProfiler.stopSampling');
    return totalOf(profile.head);
  } finally {
    session.disconnect();
  }
}

function totalOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + totalOf(child), selfSize);
}
