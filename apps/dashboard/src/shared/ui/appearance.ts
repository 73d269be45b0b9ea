import { useLocalStorage } from '@mantine/hooks';
import { useEffect } from 'react';

/** How high the rows of tables are, in CSS pixels; `tokens.css` has the same. */
export const rowHeights = { compact: 30, normal: 36, comfortable: 44 } as const;

export type Density = keyof typeof rowHeights;

/** How close the rows of tables stand; kept in this browser. */
export function useDensity(): [Density, (density: Density) => void] {
  const [density, setDensity] = useLocalStorage<Density>({
    key: 'perch-density',
    defaultValue: 'normal',
    getInitialValueInEffect: false,
  });
  return [density in rowHeights ? density : 'normal', setDensity];
}

/** Whether nothing moves, whatever the system says; kept in this browser. */
export function useStillness(): [boolean, (isStill: boolean) => void] {
  const [isStill, setStill] = useLocalStorage({
    key: 'perch-still',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  return [isStill, setStill];
}

/** Tells the style sheets what this browser prefers. `public/color-scheme.js` does before the first paint. */
export function useAppearance(): void {
  const [density] = useDensity();
  const [isStill] = useStillness();
  useEffect(() => {
    document.documentElement.dataset['density'] = density;
    document.documentElement.dataset['still'] = String(isStill);
  }, [density, isStill]);
}
