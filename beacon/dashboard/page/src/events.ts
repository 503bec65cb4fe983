// The kinds of events: those of emails, and all others beside views.

import type { Condition } from './view';

/** Events that emails send. */
export const EMAIL_EVENTS: readonly string[] = ['open', 'click'];

/** Holds for custom events alone. */
export const CUSTOM_EVENTS: Condition = { column: 'event', op: 'is_not', values: ['view', ...EMAIL_EVENTS] };
