-- question: Where did the views come from?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- The source is utm_source, else the host of a referrer on another site (www. aside), in lower case: LinkedIn and
-- linkedin are one. NULL stands for views without either: typed, bookmarked, or without a Referer.
WITH counted AS (
    SELECT
        hit_id,
        min(lower(coalesce(utm_source, CASE
            WHEN referrer_host IN (site, 'www.' || site) OR 'www.' || referrer_host = site THEN NULL
            ELSE referrer_host
        END))) AS source
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
    GROUP BY hit_id
)
SELECT source, count(*) AS views
FROM counted
GROUP BY source
ORDER BY views DESC NULLS LAST, source NULLS LAST
