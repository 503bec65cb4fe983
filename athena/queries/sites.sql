-- question: Which sites have hits?
-- parameters: counted_event, received_from, year_from, year_to, hour_from, hour_to, day_from, received_to, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- hits counts all events, so that a site with opens alone is listed too. A NULL site stands for hits without a site.
-- A visitor counts once in each UTC day, at the first of its views; that may be before the range begins. With a
-- condition on event, the hits that meet the conditions take the place of views.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        ? IN ('*', min(event)) AS is_counted,
        min(site) AS site,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        date_trunc('day', min(received_at)) AS day_received,
        min(received_at) >= CAST(? AS timestamp(3)) AS in_range
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
    GROUP BY hit_id
),
by_visitor AS (
    SELECT
        site,
        visitor,
        count(*) FILTER (WHERE in_range) AS hits,
        count(*) FILTER (WHERE in_range AND is_counted) AS views,
        bool_and(in_range) FILTER (WHERE is_counted) AS begins_in_range
    FROM counted
    GROUP BY site, visitor, day_received
)
SELECT
    site,
    sum(views) AS views,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors,
    sum(hits) AS hits
FROM by_visitor
GROUP BY site
HAVING sum(hits) > 0
ORDER BY views DESC NULLS LAST, hits DESC NULLS LAST, site NULLS LAST
