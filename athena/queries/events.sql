-- question: What happened besides views?
-- parameters: hour_from, hour_to, received_from, received_to, site, site, page, page, column_key, column_parameter, column_value, column_header, column_value
--
-- The first 100 events by name and page: opens, clicks, and those of names of their own.
WITH counted AS (
    SELECT hit_id, min(event) AS event, min(site) AS site, min(page) AS page
    FROM hits
    WHERE
        year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site = ?)
        AND (? = '*' OR page = ?)
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event <> 'view'
    GROUP BY hit_id
)
SELECT event, site, page, count(*) AS events
FROM counted
GROUP BY event, site, page
ORDER BY events DESC NULLS LAST, event NULLS LAST, site NULLS LAST, page NULLS LAST
LIMIT 100
