-- question: How many views did each hour have?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Hours are in UTC; an hour without views has no row.
WITH counted AS (
    SELECT hit_id, date_trunc('hour', min(received_at)) AS hour_received
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site IN (?, ?))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event = 'view'
    GROUP BY hit_id
)
SELECT hour_received AS hour, count(*) AS views
FROM counted
GROUP BY hour_received
ORDER BY hour_received NULLS LAST
