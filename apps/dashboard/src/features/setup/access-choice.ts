import {
  accessSettingsGet,
  accessSettingsReplace,
  policyGet,
  policyReplace,
} from '../../shared/api/generated/sdk.gen.js';
import type { RuleInput } from '../../shared/api/generated/types.gen.js';
import { setupTexts } from './texts.js';

/** How the rules begin. */
export type AccessChoice = 'closed' | 'import' | 'trial';

const texts = setupTexts.access;

/** Each device has two topics of its own, and nothing else is allowed. */
const ownTopics: readonly RuleInput[] = [
  { effect: 'allow', subject: 'everyone', access: 'pub', topics: ['toCloud/%c'], note: texts.sends },
  { effect: 'allow', subject: 'everyone', access: 'sub', topics: ['toDevice/%c'], note: texts.receives },
];

/** Saves what was chosen. Rules that are there already stay as they are. */
export async function saveAccessChoice(choice: AccessChoice): Promise<void> {
  if (choice === 'import') return;
  const { data: policy } = await policyGet({ throwOnError: true });
  const rules = choice === 'closed' && policy.rules.length === 0 ? [...ownTopics] : policy.rules;
  const noMatch = choice === 'trial' ? 'allow' : 'deny';
  if (rules !== policy.rules || policy.settings.noMatch !== noMatch) {
    await policyReplace({
      body: { rules, settings: { ...policy.settings, noMatch }, message: texts.messages[choice] },
      headers: { 'If-Match': `"${policy.revision}"` },
      throwOnError: true,
    });
  }
  await allowAnonymous(choice === 'trial');
}

/** Lets in clients that name no user, or leaves that to the configuration. */
async function allowAnonymous(isAllowed: boolean): Promise<void> {
  const { data: access } = await accessSettingsGet({ throwOnError: true });
  if (access.isLocked || access.allowsAnonymous === isAllowed) return;
  const others = access.authenticators.filter(({ kind }) => kind !== 'anonymous');
  const former = access.authenticators.find((member) => member.kind === 'anonymous');
  const anonymous = { id: 'anonymous', kind: 'anonymous', labels: [] as string[], ...former, enabled: true } as const;
  await accessSettingsReplace({
    body: {
      authenticators: [...others, { ...anonymous, allow: isAllowed ? 'yes' : 'configured' }],
      authorizers: access.authorizers,
    },
    headers: { 'If-Match': `"${access.revision}"` },
    throwOnError: true,
  });
}
