import type { ImportAnalysis, PolicySettings } from '@perch/policy';
import { blankRule, type PolicyContent } from '../draft.js';
import { importTexts as texts } from './texts.js';

/** Where imported rules go. */
export type ImportMode = 'replace' | 'prepend' | 'append';

interface ImportChoice {
  readonly mode: ImportMode;
  /** Whether the settings that the file implies are taken over, too. */
  readonly withSettings: boolean;
}

/** The draft with the rules of a file: one step, so that one Undo takes all of it back. */
export function withImported(
  content: PolicyContent,
  { rules: imported, settings }: ImportAnalysis,
  { mode, withSettings }: ImportChoice,
): PolicyContent {
  const rules = imported.map((rule) => blankRule(rule));
  const placed = {
    replace: rules,
    prepend: [...rules, ...content.rules],
    append: [...content.rules, ...rules],
  }[mode];
  return { ...content, rules: placed, settings: withSettings ? settings : content.settings };
}

/** In words, the settings of a file that the draft does not have. */
export function settingsChanges(draft: PolicySettings, file: PolicySettings): string[] {
  const { noMatch, wildcardOverlap } = texts.settingKinds;
  return [
    ...(draft.noMatch === file.noMatch ? [] : [noMatch[file.noMatch]]),
    ...(draft.wildcardOverlap === file.wildcardOverlap ? [] : [wildcardOverlap[file.wildcardOverlap]]),
  ];
}
