-- question: How many views did each day have?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Days are in UTC; a day without views has no row.
WITH counted AS (
    SELECT hit_id, CAST(date_trunc('day', min(received_at)) AS date) AS day_received
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
SELECT day_received AS day, count(*) AS views
FROM counted
GROUP BY day_received
ORDER BY day_received NULLS LAST
