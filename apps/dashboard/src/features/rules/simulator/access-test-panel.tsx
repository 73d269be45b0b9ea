import { Button, Group, Loader, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { type ClientIdentity, newRuleId } from '@perch/policy';
import type { Dispatch } from 'react';
import { ErrorState } from '../../../shared/ui/states.js';
import { notifyDone } from '../../../shared/ui/notify.js';
import { PermittedButton } from '../../../shared/ui/permitted-button.js';
import type { Draft, DraftAction } from '../draft.js';
import { useRulesSearch } from '../use-rules-search.js';
import { AccessAnswers } from './access-answer.js';
import { identitySearch, questionSearch } from './identity-search.js';
import { ProposeDialog } from './propose-dialog.js';
import { type Question, QuestionFields } from './question-fields.js';
import { simulatorTexts as texts } from './texts.js';
import type { AccessTest, Against } from './use-access-test.js';

interface AccessTestPanelProps {
  readonly test: AccessTest;
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
  readonly isEditable: boolean;
  readonly onShow: (ruleId: string) => void;
}

/** Who wants what, and which rule decides: judged here in the browser by the engine that the broker uses. */
export function AccessTestPanel({ test, draft, dispatch, isEditable, onShow }: AccessTestPanelProps) {
  const [, change] = useRulesSearch();
  const { question, answer } = test;
  const { identity, own } = question;
  const ask = ({ identity: asked, action, topic }: Question) =>
    change({ ...questionSearch(asked, action, topic), ...(asked !== identity && { live: undefined }) });
  const pick = (picked: ClientIdentity) => change({ ...identitySearch(picked), live: '1' });
  return (
    <Stack gap="sm">
      <QuestionFields {...question} onChange={ask} onPick={pick} />
      {own && (
        <Text size="sm" c="dimmed">
          {texts.own(own.rules.length)}
        </Text>
      )}
      <AgainstFields against={test.against} latest={draft.saved.revision} />
      {test.error && <ErrorState error={test.error} onRetry={() => test.retry()} />}
      <div aria-live="polite">
        {test.isLoading && (
          <Group gap="xs">
            <Loader size="xs" /> <Text size="sm">{texts.loading}</Text>
          </Group>
        )}
        {answer && <AccessAnswers test={test} answer={answer} onShow={onShow} />}
        {!answer && !test.isLoading && !test.error && (
          <Text size="sm" c="dimmed">
            {texts.ask}
          </Text>
        )}
      </div>
      {answer && isEditable && <AnswerActions {...{ test, draft, dispatch, onShow }} />}
    </Stack>
  );
}

/** Which rules are asked. */
function AgainstFields({ against, latest }: { against: Against; latest: number }) {
  const [, change] = useRulesSearch();
  const source = typeof against === 'number' ? 'revision' : against;
  const choose = (value: string) => {
    const chosen = { draft: undefined, saved: 'saved', revision: String(latest) }[value];
    change({ against: chosen });
  };
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label={texts.against}
        value={source}
        data={(['draft', 'saved', 'revision'] as const).map((value) => ({ value, label: texts.sources[value] }))}
        onChange={choose}
      />
      {typeof against === 'number' && (
        <NumberInput
          label={texts.revision}
          value={against}
          min={1}
          max={latest}
          clampBehavior="strict"
          allowDecimal={false}
          onChange={(value) => typeof value === 'number' && value > 0 && change({ against: String(value) })}
        />
      )}
    </>
  );
}

type AnswerActionsProps = Pick<AccessTestPanelProps, 'test' | 'draft' | 'dispatch' | 'onShow'>;

function AnswerActions({ test: { question, answer }, draft, dispatch, onShow }: AnswerActionsProps) {
  const [{ propose }, change] = useRulesSearch();
  const { identity, action, topic } = question;
  const isAllowed = answer?.explanation.allowed === true;
  const opposite = isAllowed ? 'deny' : 'allow';
  const save = () => {
    const expect = isAllowed ? 'allow' : 'deny';
    const saved = { id: newRuleId(), client: identity, action, topic, expect, note: '' } as const;
    dispatch({ type: 'tests', tests: [...draft.content.tests, saved] });
    notifyDone(texts.testSaved);
    change({ tab: 'tests' });
  };
  const close = () => change({ propose: undefined });
  return (
    <Group gap="xs">
      <PermittedButton
        permission="policy:write"
        variant="default"
        size="xs"
        disabledReason={question.own && texts.ownNotTested}
        onClick={save}
      >
        {texts.saveTest}
      </PermittedButton>
      <Button variant="default" size="xs" onClick={() => change({ propose: opposite })}>
        {texts.propose.open[opposite]}
      </Button>
      <ProposeDialog
        effect={propose ?? null}
        question={question}
        content={draft.content}
        dispatch={dispatch}
        onClose={close}
        onDone={(ruleId) => {
          close();
          onShow(ruleId);
        }}
      />
    </Group>
  );
}
