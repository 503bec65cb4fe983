-- question: Where did the views of the most viewed pages come from?
-- parameters: hour_from, hour_to, received_from, received_to, site, site, page, page, column_key, column_parameter, column_value, column_header, column_value
--
-- One row for each source of each of the first 100 pages, to be pivoted by the reader. The source is utm_source,
-- else the host of a referrer on another site, else NULL: typed, bookmarked, or not told by the browser.
WITH counted AS (
    SELECT
        hit_id,
        min(site) AS site,
        min(page) AS page,
        min(coalesce(utm_source, nullif(referrer_host, site))) AS source
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
),
by_source AS (
    SELECT site, page, source, count(*) AS views
    FROM counted
    GROUP BY site, page, source
),
with_page AS (
    SELECT site, page, source, views, sum(views) OVER (PARTITION BY site, page) AS page_views
    FROM by_source
),
ranked AS (
    SELECT
        site,
        page,
        source,
        views,
        page_views,
        dense_rank() OVER (ORDER BY page_views DESC NULLS LAST, site NULLS LAST, page NULLS LAST) AS page_rank
    FROM with_page
)
SELECT site, page, source, views, page_views
FROM ranked
WHERE page_rank <= 100
ORDER BY page_rank NULLS LAST, views DESC NULLS LAST, source NULLS LAST
