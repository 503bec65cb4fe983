// The toolbar: the period, its comparison, and the filters.

import { useState } from 'preact/hooks';
import { conditionText, OPERATOR_NAMES, valuesText } from '../condition_text';
import { filterLabel, removeCondition, UNFILTERED } from '../filters';
import type { Condition } from '../view';
import { useDashboard } from './context';
import { FilterDialog } from './filter_dialog';
import { useNarrow } from './narrow';
import { PeriodControl } from './period_control';
import { maySave, SaveFiltersDialog } from './saved_filters';
import { CompareChoice } from './view_choices';

/** The filter in the dialog: a new one, or one to change; null while the dialog is closed. */
type Edited = { condition: Condition | null } | null;

export function Toolbar() {
  const { api, view, format, span } = useDashboard();
  const is_narrow = useNarrow();
  const [edited, setEdited] = useState<Edited>(null);
  if (api === null) {
    return (
      <section class="toolbar" aria-label="Period and filters">
        <p class="period-days">{format.span(span)}</p>
        <Chips />
      </section>
    );
  }
  const count = view.conditions.length;
  return (
    <section class="toolbar" aria-label="Period and filters">
      <PeriodControl />
      <div class="toolbar-end">
        {!is_narrow && (
          <span class="compare">
            <span aria-hidden="true">vs</span> <CompareChoice />
          </span>
        )}
        <button
          type="button"
          class="button add-filter"
          aria-label="Add filter"
          data-count={is_narrow && count > 0 ? format.number(count) : undefined}
          onClick={() => setEdited({ condition: null })}
        >
          <FilterIcon />
          {!is_narrow && 'Filter'}
        </button>
      </div>
      <Chips onEdit={(condition) => setEdited({ condition })} />
      {edited !== null && <FilterDialog condition={edited.condition} close={() => setEdited(null)} />}
    </section>
  );
}

/** The filters; in a report they can't be changed. The site is chosen elsewhere. */
function Chips({ onEdit }: { onEdit?: (condition: Condition) => void }) {
  const { view, navigate, format, about } = useDashboard();
  const [is_saving, setSaving] = useState(false);
  const { conditions } = view;
  if (conditions.length === 0) return null;
  return (
    <div class="chips">
      <ul aria-label="Filters">
        {conditions.map((condition) => {
          const text = conditionText(format, condition);
          return (
            <li key={text} class="chip">
              <span>
                {filterLabel(condition.column)} {OPERATOR_NAMES[condition.op]}
                {condition.values.length > 0 && ' '}
                <strong>{valuesText(format, condition)}</strong>
              </span>
              {onEdit && (
                <>
                  <button type="button" aria-label={`Change filter: ${text}`} title="Change" onClick={() => onEdit(condition)}>
                    <Icon path="M2 10l.5-2.5 5-5 2 2-5 5zM6.5 3.5l2 2" />
                  </button>
                  <button
                    type="button"
                    aria-label={`Remove filter: ${text}`}
                    title="Remove"
                    onClick={() => navigate(removeCondition(view, condition))}
                  >
                    <Icon path="M2.5 2.5l7 7M9.5 2.5l-7 7" />
                  </button>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {onEdit && (
        <button type="button" class="quiet" onClick={() => navigate(UNFILTERED)}>
          Clear filters
        </button>
      )}
      {onEdit && maySave(about) && (
        <button type="button" class="quiet" onClick={() => setSaving(true)}>
          Save filters
        </button>
      )}
      {is_saving && <SaveFiltersDialog close={() => setSaving(false)} />}
    </div>
  );
}

const FilterIcon = () => <Icon path="M1.5 2.5h9l-3.5 4v3.5l-2-1.2v-2.3z" />;

function Icon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
