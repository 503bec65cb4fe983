-- question: What happened besides views?
-- parameters: agents, year_from, year_to, hour_from, hour_to, received_from, received_to, open_agents, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Counts opens, clicks and custom events by name, site and page. events_at_most counts also the opens of mail
-- proxies and prefetch, which people may have caused; of other events it is the same number.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(site) AS site,
        min(page) AS page,
        strpos(?, min(coalesce(agent, 'unknown'))) > 0 AS is_chosen
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
)
SELECT
    event,
    site,
    page,
    count(*) FILTER (WHERE is_chosen) AS events,
    count(*) AS events_at_most
FROM counted
GROUP BY event, site, page
ORDER BY events DESC NULLS LAST, events_at_most DESC NULLS LAST, event NULLS LAST, site NULLS LAST, page NULLS LAST
