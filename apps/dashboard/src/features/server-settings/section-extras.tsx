import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ServerInfo } from '../../shared/api/generated/types.gen.js';
import { serverInfo } from '../../shared/connect/server-info.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { type Fact, Facts } from '../../shared/ui/facts.js';
import { TextLink } from '../../shared/ui/links.js';
import { Literal } from '../../shared/ui/literal.js';
import { Panel } from '../../shared/ui/panel.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { CertificatesPanel } from './certificates-panel.js';
import type { Section } from './search.js';
import { serverSettingsTexts as texts } from './texts.js';

/** What a section shows beside its settings. */
export function SectionExtras({ section }: { section: Section }) {
  switch (section) {
    case 'listeners':
      return (
        <>
          <Doors />
          <CertificatesPanel />
        </>
      );
    case 'acl':
      return (
        <Note text={texts.acl.live}>
          <TextLink to="/access/rules">{texts.acl.toRules}</TextLink>
        </Note>
      );
    case 'privacy':
      return (
        <Note text={texts.privacy.payloads}>
          <TextLink to="/settings/operators">{texts.privacy.toOperators}</TextLink>
        </Note>
      );
    case 'appearance':
      return (
        <Note text={texts.appearance.text}>
          <TextLink to="/account">{texts.appearance.action}</TextLink>
        </Note>
      );
    case 'about':
      return <About />;
    default:
      return null;
  }
}

function Note({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Panel>
      <Text size="sm" mb="xs">
        {text}
      </Text>
      <Group gap="sm">{children}</Group>
    </Panel>
  );
}

type Door = ServerInfo['listeners'][number];

const doorColumns: readonly Column<Door>[] = [
  {
    key: 'name',
    header: texts.listeners.columns.name,
    isRowHeader: true,
    cell: ({ name }) => <Literal>{name}</Literal>,
  },
  { key: 'kind', header: texts.listeners.columns.kind, cell: ({ kind }) => texts.listeners.kinds[kind] },
  {
    key: 'place',
    header: texts.listeners.columns.place,
    cell: ({ host, port, socket, path = '' }) => (
      <span className="perch-mono">{socket ?? `${host ?? ''}:${port ?? ''}${path}`}</span>
    ),
  },
  {
    key: 'tls',
    header: texts.listeners.columns.tls,
    cell: ({ secure }) => (secure ? texts.listeners.secure : texts.listeners.plain),
  },
];

function Doors() {
  const { data } = useQuery(serverInfo());
  return (
    <Panel title={texts.listeners.title} flush>
      <DataTable
        label={texts.listeners.title}
        columns={doorColumns}
        rows={data?.listeners}
        rowKey={({ name, kind }) => `${name} ${kind}`}
        empty={null}
        minWidth={420}
      />
    </Panel>
  );
}

function About() {
  const { data } = useQuery(serverInfo());
  const facts: Fact[] = [
    [texts.about.version, data?.version ?? uiTexts.unknown],
    [texts.about.node, data?.node ?? uiTexts.unknown],
    [texts.about.database, data ? texts.about.databases[data.database] : uiTexts.unknown],
    [texts.about.licence, texts.about.licenceName],
    [
      texts.about.api,
      <Anchor key="api" href="/api/docs">
        {texts.about.apiLink}
      </Anchor>,
    ],
  ];
  return (
    <Panel title={texts.sections.about}>
      <Facts facts={facts} />
    </Panel>
  );
}
