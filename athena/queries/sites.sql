-- question: Which sites were viewed?
-- parameters: hour_from, hour_to, received_from, received_to, site, site, page, page, column_key, column_parameter, column_value, column_header, column_value
--
-- The first 1,000. A site of NULL stands for the views that told none.
WITH counted AS (
    SELECT hit_id, min(site) AS site
    FROM hits
    WHERE
        year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site = ?)
        AND (? = '*' OR page = ?)
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event = 'view'
    GROUP BY hit_id
)
SELECT site, count(*) AS views
FROM counted
GROUP BY site
ORDER BY views DESC NULLS LAST, site NULLS LAST
LIMIT 1000
