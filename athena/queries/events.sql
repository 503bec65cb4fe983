-- question: What happened besides views?
-- parameters: agents, received_from, year_from, year_to, hour_from, hour_to, day_from, received_to, open_agents, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Counts opens, clicks and custom events by name, site and page. events_at_most counts also the opens of mail
-- proxies and prefetch, which people may have caused; of other events it is the same number. A visitor counts once in
-- each UTC day and row, at the first of its events there; that may be before the range begins.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(site) AS site,
        min(page) AS page,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        strpos(?, min(coalesce(agent, 'unknown'))) > 0 AS is_chosen,
        date_trunc('day', min(received_at)) AS day_received,
        min(received_at) >= CAST(? AS timestamp(3)) AS in_range
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND strpos(CASE event WHEN 'open' THEN ? ELSE ? END, coalesce(agent, 'unknown')) > 0
        AND (? = '*' OR site IN (?, ?))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event <> 'view'
    GROUP BY hit_id
),
by_visitor AS (
    SELECT
        event,
        site,
        page,
        visitor,
        count(*) FILTER (WHERE in_range AND is_chosen) AS events,
        count(*) FILTER (WHERE in_range) AS events_at_most,
        bool_and(in_range) FILTER (WHERE is_chosen) AS begins_in_range
    FROM counted
    GROUP BY event, site, page, visitor, day_received
)
SELECT
    event,
    site,
    page,
    sum(events) AS events,
    sum(events_at_most) AS events_at_most,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors
FROM by_visitor
GROUP BY event, site, page
HAVING sum(events_at_most) > 0
ORDER BY events DESC NULLS LAST, events_at_most DESC NULLS LAST, event NULLS LAST, site NULLS LAST, page NULLS LAST
