-- question: Where did the views of the most viewed pages come from?
-- parameters: received_from, received_to, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
-- visits: agents
--
-- Returns one row for each page and source, for the caller to pivot. The source is that of the visit, under its name.
-- NULL stands for views without one: typed, bookmarked, or without a Referer.
WITH counted AS (
    SELECT hit_id, min(site) AS site, min(page) AS page, min(source) AS source
    FROM visited_hits
    WHERE
        received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event = 'view'
    GROUP BY hit_id
),
by_source AS (
    SELECT site, page, source, count(*) AS views
    FROM counted
    GROUP BY site, page, source
),
with_page AS (
    SELECT site, page, source, views, sum(views) OVER (PARTITION BY site, page) AS page_views
    FROM by_source
)
SELECT site, page, source, views, page_views
FROM with_page
ORDER BY
    page_views DESC NULLS LAST,
    site NULLS LAST,
    page NULLS LAST,
    views DESC NULLS LAST,
    source NULLS LAST
