-- question: Which other sites did the views come from?
-- parameters: hour_from, hour_to, received_from, received_to, site, site, page, page, column_key, column_parameter, column_value, column_header, column_value
--
-- The first 100. A referrer on the viewed site itself does not count.
WITH counted AS (
    SELECT hit_id, min(referrer_host) AS referrer_host, min(site) AS site, min(page) AS page
    FROM hits
    WHERE
        year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site = ?)
        AND (? = '*' OR page = ?)
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event = 'view'
        AND referrer_host IS NOT NULL
        AND referrer_host IS DISTINCT FROM site
    GROUP BY hit_id
)
SELECT referrer_host, count(*) AS views, count(DISTINCT coalesce(site, '') || page) AS pages
FROM counted
GROUP BY referrer_host
ORDER BY views DESC NULLS LAST, referrer_host NULLS LAST
LIMIT 100
