-- question: How much was counted in all?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- hits counts all events; pages counts distinct viewed pages.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(site) AS site,
        min(page) AS page,
        min(received_at) AS received_at
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site IN (?, ?))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
    GROUP BY hit_id
),
by_page AS (
    SELECT
        event,
        site,
        page,
        count(*) AS hits,
        min(received_at) AS first_received_at,
        max(received_at) AS last_received_at
    FROM counted
    GROUP BY event, site, page
)
SELECT
    coalesce(sum(hits), 0) AS hits,
    coalesce(sum(hits) FILTER (WHERE event = 'view'), 0) AS views,
    coalesce(sum(hits) FILTER (WHERE event = 'open'), 0) AS opens,
    coalesce(sum(hits) FILTER (WHERE event = 'click'), 0) AS clicks,
    count(page) FILTER (WHERE event = 'view') AS pages,
    count(DISTINCT site) AS sites,
    min(first_received_at) AS first_received_at,
    max(last_received_at) AS last_received_at
FROM by_page
