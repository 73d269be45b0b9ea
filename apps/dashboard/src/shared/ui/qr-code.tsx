import { encode } from 'uqr';

interface QrCodeProps {
  readonly text: string;
  /** What it says, for who cannot see it. */
  readonly label: string;
  readonly size?: number;
}

/** A text as a QR code: dark on light in both themes, as cameras want it. Drawn here, by nobody else. */
export function QrCode({ text, label, size = 196 }: QrCodeProps) {
  const { data, size: modules } = encode(text, { ecc: 'M', border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${modules} ${modules}`}>
      <rect width={modules} height={modules} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
