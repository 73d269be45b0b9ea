import {
  Checkbox,
  colorsTuple,
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  type VariantColorsResolver,
} from '@mantine/core';
import { passwordTexts } from '../shared/password/texts.js';

/** The names that a component's `color` may have, and the token of tokens.css behind each. */
const namedColours = { accent: 'accent', online: 'online', warning: 'warning', danger: 'danger' } as const;

type NamedColour = keyof typeof namedColours;

function isNamed(colour: string | undefined): colour is NamedColour {
  return colour !== undefined && colour in namedColours;
}

/** Filled controls take the text colour that is readable on their token in the theme that is on. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colour = input.color ?? 'accent';
  if (!isNamed(colour)) return defaultVariantColorsResolver(input);
  const token = `var(--perch-${namedColours[colour]})`;
  const tint = `var(--perch-${namedColours[colour]}-tint)`;
  const hover = `var(--perch-${namedColours[colour]}-hover)`;
  const clear = { background: 'transparent', hover: tint, color: token, border: '1px solid transparent' };
  if (input.variant === 'filled') {
    return { background: token, hover, color: 'var(--perch-on-colour)', border: '1px solid transparent' };
  }
  if (input.variant === 'light') return { ...clear, background: tint };
  if (input.variant === 'outline') return { ...clear, border: `1px solid ${token}` };
  if (input.variant === 'subtle' || input.variant === 'transparent') return clear;
  return defaultVariantColorsResolver(input);
};

function coloursOf(name: NamedColour): Record<string, string> {
  const token = `var(--perch-${namedColours[name]})`;
  const tint = `var(--perch-${namedColours[name]}-tint)`;
  return {
    // Menu items ask for the shade itself, which would be that of the light theme in both.
    [`--mantine-color-${name}-6`]: token,
    [`--mantine-color-${name}-text`]: token,
    [`--mantine-color-${name}-filled`]: token,
    [`--mantine-color-${name}-filled-hover`]: `var(--perch-${namedColours[name]}-hover)`,
    [`--mantine-color-${name}-light`]: tint,
    [`--mantine-color-${name}-light-hover`]: tint,
    [`--mantine-color-${name}-light-color`]: token,
    [`--mantine-color-${name}-outline`]: token,
    [`--mantine-color-${name}-outline-hover`]: tint,
  };
}

const schemeVariables: Record<string, string> = {
  '--mantine-color-body': 'var(--perch-bg)',
  '--mantine-color-text': 'var(--perch-text)',
  '--mantine-color-bright': 'var(--perch-text)',
  '--mantine-color-dimmed': 'var(--perch-muted)',
  '--mantine-color-placeholder': 'var(--perch-muted)',
  '--mantine-color-anchor': 'var(--perch-accent)',
  '--mantine-color-error': 'var(--perch-danger)',
  '--mantine-color-success': 'var(--perch-online)',
  '--mantine-color-default': 'var(--perch-bg)',
  '--mantine-color-default-hover': 'var(--perch-hover)',
  '--mantine-color-default-color': 'var(--perch-text)',
  '--mantine-color-default-border': 'var(--perch-control)',
  '--mantine-color-disabled': 'var(--perch-surface)',
  '--mantine-color-disabled-color': 'var(--perch-muted)',
  '--mantine-color-disabled-border': 'var(--perch-line)',
  '--mantine-primary-color-contrast': 'var(--perch-on-colour)',
  ...(Object.keys(namedColours) as NamedColour[]).map(coloursOf).reduce((all, some) => ({ ...all, ...some }), {}),
};

/** Points Mantine's variables at the tokens, the same in both themes: the tokens themselves change. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: schemeVariables,
  dark: schemeVariables,
});

/** Where the choice of theme is kept; public/color-scheme.js reads the same key before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'perch-color-scheme' });

const overlay = { transitionProps: { duration: 140 } };

/** Sizes, type and defaults of the kit. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  colors: {
    accent: colorsTuple('#0b62c4'),
    online: colorsTuple('#00735c'),
    warning: colorsTuple('#8a5300'),
    danger: colorsTuple('#b3261e'),
    dark: [
      '#e8ecf1',
      '#c3cbd4',
      '#9aa6b2',
      '#7b8794',
      '#262d36',
      '#1e252e',
      '#161b22',
      '#0e1217',
      '#0a0d11',
      '#06080a',
    ],
  },
  variantColorResolver,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.43', lg: '1.45', xl: '1.4' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Checkbox: Checkbox.extend({ vars: () => ({ root: { '--checkbox-icon-color': 'var(--perch-on-colour)' } }) }),
    Drawer: { defaultProps: { ...overlay, position: 'right', overlayProps: { backgroundOpacity: 0.35 } } },
    Modal: { defaultProps: { ...overlay, centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.45 } } },
    // Its focus placeholder is a child that role=menu does not allow.
    Menu: { defaultProps: { ...overlay, shadow: 'md', radius: 'md', withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { ...overlay, shadow: 'md', radius: 'md' } },
    Tooltip: { defaultProps: { openDelay: 300, multiline: true, maw: 320, withinPortal: true } },
    PasswordInput: {
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': passwordTexts.show, tabIndex: 0 } },
    },
    Paper: { defaultProps: { radius: 'md' } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
});
