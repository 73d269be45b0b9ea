import { useEffect, useRef, useState } from 'react';
import { copyText } from './copy-text.js';
import { notifyError } from './notify.js';
import { uiTexts } from './texts.js';

const SHOWN_MS = 1500;

/** Copies texts, tells for a moment that it did, and says when it could not. */
export function useCopy(): { readonly isCopied: boolean; copy: (text: string) => void } {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const told = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), SHOWN_MS);
    setCopied(true);
  };
  return { isCopied, copy: (text) => void copyText(text).then(told, failed) };
}

function failed(error: Error): void {
  notifyError(uiTexts.notCopied, error);
}
