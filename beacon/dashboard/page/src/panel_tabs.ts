// The tabs of the panels whose tables are results of questions, in their order.

import { CUSTOM_EVENTS } from './events';
import { filterLabel } from './filters';
import type { QuestionTab } from './question_tab';
import type { Naming } from './table_rows';

/** The tags that campaigns are listed by. */
export const TAGS = ['utm_campaign', 'utm_source', 'utm_medium', 'utm_term', 'utm_content'] as const;
export type Tag = (typeof TAGS)[number];

export const sourceTabs = (tag: Tag): QuestionTab[] => [
  { title: 'Channels', question: 'channels', heading: 'Channel', column: 'channel', counting: 'views' },
  { title: 'Sources', question: 'sources', heading: 'Source', column: 'source', counting: 'views' },
  {
    title: 'Referrers',
    question: 'referrers',
    heading: 'Referrer',
    column: 'referrer_host',
    filter: 'referrer',
    counting: 'views',
  },
  {
    title: 'Campaigns',
    question: 'campaign_tags',
    by: tag,
    heading: filterLabel(tag),
    column: 'value',
    filter: tag,
    counting: 'views',
  },
];

/** How the rows of pages are named. */
export const PAGES: Naming = { heading: 'Page', column: 'page', within: ['site'] };

export const PAGE_TABS: QuestionTab[] = [
  { ...PAGES, title: 'Top pages', question: 'top_pages', counting: 'views' },
  {
    title: 'Entry pages',
    question: 'entry_pages',
    heading: 'Entry page',
    column: 'entry_page',
    within: ['site'],
    counting: 'visits',
  },
  {
    title: 'Exit pages',
    question: 'exit_pages',
    heading: 'Exit page',
    column: 'exit_page',
    within: ['site'],
    counting: 'visits',
  },
];

export const LOCATION_TABS: QuestionTab[] = [
  { title: 'Countries', question: 'countries', heading: 'Country', column: 'country', counting: 'views' },
  { title: 'Languages', question: 'languages', heading: 'Language', column: 'language', counting: 'views' },
];

export const DEVICE_TABS: QuestionTab[] = [
  { title: 'Devices', question: 'devices', heading: 'Device', column: 'device', counting: 'views' },
  { title: 'Browsers', question: 'browsers', heading: 'Browser', column: 'browser', counting: 'views' },
  { title: 'Systems', question: 'systems', heading: 'System', column: 'os', counting: 'views' },
  { title: 'Sizes', question: 'sizes', heading: 'Window', column: 'size', counting: 'views' },
];

export const EVENTS_TAB: QuestionTab = {
  title: 'Events',
  question: 'event_names',
  heading: 'Event',
  column: 'event',
  counting: 'events',
};

export const EMAIL_TABS: QuestionTab[] = [
  {
    title: 'Campaigns',
    question: 'campaigns',
    heading: 'Campaign',
    column: 'utm_campaign',
    within: ['utm_source', 'utm_medium'],
    counting: 'emails',
  },
  {
    title: 'Messages',
    question: 'messages',
    heading: 'Message',
    column: 'message',
    filter: 'utm_content',
    filter_from: 'utm_content',
    within: ['campaign'],
    counting: 'emails',
  },
  { title: 'Read with', question: 'read_with', heading: 'Program', column: 'program', filter: null, counting: 'opens' },
];

export const SITES_TAB: QuestionTab = {
  title: 'Sites',
  question: 'sites',
  heading: 'Site',
  column: 'site',
  counting: 'views',
  compares: true,
};

/** One property's values. */
export const propertyTab = (name: string): QuestionTab => ({
  title: 'Properties',
  question: 'properties',
  by: name,
  heading: name,
  column: 'value',
  filter: `prop.${name}`,
  scope: CUSTOM_EVENTS,
  counting: 'properties',
});
