// Statements to begin with. They read the month of today, so that on AWS they scan the files of that month alone.

import type { TableInfo } from './api';

export interface Example {
  title: string;
  sql: string;
}

/** Returns the examples over the tables that a dashboard has. */
export function examples({ table, views = [] }: TableInfo, now_ms: number): Example[] {
  const now = new Date(now_ms);
  const month = `year = ${now.getUTCFullYear()} AND month = ${now.getUTCMonth() + 1}`;
  const people = "agent IN ('human', 'unknown')";
  const found = [
    {
      title: 'Views and visitors per day',
      sql: `SELECT date_trunc('day', received_at) AS day, count(*) AS views, count(DISTINCT visitor) AS visitors
FROM ${table}
WHERE ${month}
  AND event = 'view' AND ${people}
GROUP BY 1
ORDER BY 1`,
    },
    {
      title: 'Pages read on phones',
      sql: `SELECT page, count(*) AS views
FROM ${table}
WHERE ${month}
  AND event = 'view' AND device = 'phone' AND ${people}
GROUP BY 1
ORDER BY 2 DESC
LIMIT 20`,
    },
    {
      title: 'Values of a property',
      sql: `SELECT element_at(params, 'plan') AS plan, count(*) AS times
FROM ${table}
WHERE ${month}
  AND event = 'signup'
GROUP BY 1
ORDER BY 2 DESC`,
    },
    {
      title: 'Machines by rule',
      sql: `SELECT agent, agent_rule, count(*) AS hits
FROM ${table}
WHERE ${month}
  AND agent NOT IN ('human', 'unknown')
GROUP BY 1, 2
ORDER BY 3 DESC
LIMIT 50`,
    },
  ];
  const hits = views.find(({ name }) => name.endsWith('unique_hits'))?.name;
  const visits = views.find(({ name }) => name.endsWith('visits'))?.name;
  if (visits !== undefined) {
    found.push({
      title: 'Entry pages of a source',
      sql: `SELECT entry_page, count(*) AS visits, avg(views) AS views_per_visit
FROM ${visits}
WHERE source = 'Hacker News'
GROUP BY 1
ORDER BY 2 DESC`,
    });
  }
  if (hits !== undefined) {
    found.push({
      title: 'A funnel: from a page to an event',
      sql: `WITH steps AS (
  SELECT visit_id,
    min(CASE WHEN event = 'view' THEN received_at END) AS came_at,
    min(CASE WHEN event = 'view' AND page = '/pricing' THEN received_at END) AS priced_at,
    max(CASE WHEN event = 'signup' THEN received_at END) AS signed_up_at
  FROM ${hits}
  WHERE visit_id IS NOT NULL
  GROUP BY 1
)
SELECT count(came_at) AS visits,
  count(priced_at) AS saw_prices,
  sum(CASE WHEN signed_up_at > priced_at THEN 1 ELSE 0 END) AS signed_up
FROM steps`,
    });
  }
  return found;
}
