-- question: Which languages do the readers prefer?
-- parameters: received_from, year_from, year_to, hour_from, hour_to, day_from, received_to, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- A language is the first tag of Accept-Language in lower case: en-US and en-us are one. NULL stands for views without.
-- A visitor counts once in each UTC day and row, at the first of its views there; that may be before the range begins.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        min(lower(language)) AS language,
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
        AND event = 'view'
    GROUP BY hit_id
),
by_visitor AS (
    SELECT
        language,
        visitor,
        count(*) FILTER (WHERE in_range) AS views,
        bool_and(in_range) AS begins_in_range
    FROM counted
    GROUP BY language, visitor, day_received
)
SELECT language, sum(views) AS views, count(visitor) FILTER (WHERE begins_in_range) AS visitors
FROM by_visitor
GROUP BY language
HAVING sum(views) > 0
ORDER BY views DESC NULLS LAST, language NULLS LAST
