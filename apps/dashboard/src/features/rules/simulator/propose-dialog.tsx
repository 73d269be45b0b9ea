import { Button, Modal, Stack, Text } from '@mantine/core';
import { type Effect, newRuleId, type Proposal, proposeRule, type Rule } from '@perch/policy';
import { type Dispatch, useMemo } from 'react';
import { uiTexts } from '../../../shared/ui/texts.js';
import type { DraftAction, PolicyContent } from '../draft.js';
import { RuleSummary } from '../rule-summary.js';
import { rulesTexts } from '../texts.js';
import { simulatorTexts as texts } from './texts.js';
import type { AccessQuestion } from './use-access-test.js';
import classes from './simulator.module.css';

interface ProposeDialogProps {
  /** What the new rule is to do; null: the dialog is closed. */
  readonly effect: Effect | null;
  readonly question: AccessQuestion;
  readonly content: PolicyContent;
  readonly dispatch: Dispatch<DraftAction>;
  readonly onClose: () => void;
  /** The rule is in the draft. */
  readonly onDone: (ruleId: string) => void;
}

/** The narrowest rules that would settle a question, each with the place where it has to stand. */
export function ProposeDialog({ effect, onClose, ...rest }: ProposeDialogProps) {
  return (
    <Modal
      opened={effect !== null}
      onClose={onClose}
      title={effect && texts.propose.title[effect]}
      size="lg"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {effect && <ProposalList effect={effect} {...rest} />}
    </Modal>
  );
}

type ProposalListProps = Omit<ProposeDialogProps, 'effect' | 'onClose'> & { readonly effect: Effect };

function ProposalList({ effect, question, content, dispatch, onDone }: ProposalListProps) {
  const { proposals, obstacle } = useMemo(() => {
    const { identity, own, action, topic, nowMs } = question;
    return proposeRule(content, { client: { identity, own }, action, topic }, { effect, nowMs });
  }, [content, question, effect]);
  const insert = ({ rule, position }: Proposal) => {
    const added: Rule = { ...rule, id: newRuleId() };
    dispatch({ type: 'insert', at: position, rules: [added] });
    onDone(added.id);
  };
  if (obstacle !== null) return <Text>{obstacle}</Text>;
  return (
    <Stack gap="md">
      <Text size="sm">{texts.propose.text}</Text>
      <ul className={classes.proposals}>
        {proposals.map((proposal, index) => (
          <li key={index}>
            <ProposalText proposal={proposal} rules={content.rules} />
            <Button
              size="xs"
              variant={index === 0 ? 'filled' : 'default'}
              data-autofocus={index === 0 || undefined}
              aria-label={texts.propose.insertNth(index + 1)}
              onClick={() => insert(proposal)}
            >
              {texts.propose.insert}
            </Button>
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function ProposalText({ proposal, rules }: { proposal: Proposal; rules: readonly Rule[] }) {
  const { scope, rule, position } = proposal;
  const next = rules[position];
  return (
    <div>
      <Text size="sm" fw={600}>
        {texts.propose.scopes[scope === 'one' && rule.subject === 'username' ? 'user' : scope]}
      </Text>
      <RuleSummary rule={rule} />
      <Text size="xs" c="dimmed" component="div">
        {texts.propose.place(position + 1, rules.length + 1)}
        {next && (
          <>
            {', '}
            {texts.propose.before} {rulesTexts.row(position + 1).toLowerCase()}: <RuleSummary rule={next} />
          </>
        )}
      </Text>
    </div>
  );
}
