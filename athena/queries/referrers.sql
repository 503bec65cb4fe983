-- question: Which other sites did the views come from?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Leaves out referrers on the viewed site itself (www. aside); pages counts distinct viewed pages.
WITH counted AS (
    SELECT hit_id, min(lower(referrer_host)) AS referrer_host, min(site) AS site, min(page) AS page
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND strpos(?, coalesce(agent, 'unknown')) > 0
        AND (? = '*' OR site IN (?, ?))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event = 'view'
        AND referrer_host IS NOT NULL
        AND (referrer_host IS DISTINCT FROM site)
        AND (referrer_host IS DISTINCT FROM 'www.' || site)
        AND ('www.' || referrer_host IS DISTINCT FROM site)
    GROUP BY hit_id
),
by_page AS (
    SELECT referrer_host, site, page, count(*) AS views
    FROM counted
    GROUP BY referrer_host, site, page
)
SELECT referrer_host, sum(views) AS views, count(page) AS pages
FROM by_page
GROUP BY referrer_host
ORDER BY views DESC NULLS LAST, referrer_host NULLS LAST
