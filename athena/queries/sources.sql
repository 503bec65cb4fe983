-- question: Where did the views come from?
-- parameters: hour_from, hour_to, received_from, received_to, site, site, page, page, column_key, column_parameter, column_value, column_header, column_value
--
-- The first 100. The source is utm_source, else the host of a referrer on another site, else NULL: typed, bookmarked,
-- or not told by the browser.
WITH counted AS (
    SELECT hit_id, min(coalesce(utm_source, nullif(referrer_host, site))) AS source
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
SELECT source, count(*) AS views
FROM counted
GROUP BY source
ORDER BY views DESC NULLS LAST, source NULLS LAST
LIMIT 100
