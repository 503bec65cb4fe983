-- question: Which sites have hits?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- hits counts all events, so that a site with opens alone is listed too. A NULL site stands for hits without a site.
WITH counted AS (
    SELECT hit_id, min(event) AS event, min(site) AS site
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
)
SELECT site, count(*) FILTER (WHERE event = 'view') AS views, count(*) AS hits
FROM counted
GROUP BY site
ORDER BY views DESC NULLS LAST, hits DESC NULLS LAST, site NULLS LAST
