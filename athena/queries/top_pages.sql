-- question: Which pages were viewed most?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- A NULL page stands for views whose page the browser did not send.
WITH counted AS (
    SELECT hit_id, min(site) AS site, min(page) AS page
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
SELECT site, page, count(*) AS views
FROM counted
GROUP BY site, page
ORDER BY views DESC NULLS LAST, site NULLS LAST, page NULLS LAST
