-- question: How many views did each quarter of an hour have?
-- parameters: received_from, year_from, year_to, hour_from, hour_to, day_from, received_to, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Quarters are in UTC; a quarter without views has no row. Hours and days begin with a quarter in every time zone, so
-- that callers can sum quarters for any zone.
-- A visitor counts once in each UTC day, at the first of its views; that may be before the range begins.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        min(received_at) AS received_at,
        date_trunc('hour', min(received_at)) AS hour_received,
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
with_quarter AS (
    SELECT
        visitor,
        in_range,
        date_trunc('day', received_at) AS day_received,
        CASE
            WHEN received_at >= hour_received + INTERVAL '45' MINUTE THEN hour_received + INTERVAL '45' MINUTE
            WHEN received_at >= hour_received + INTERVAL '30' MINUTE THEN hour_received + INTERVAL '30' MINUTE
            WHEN received_at >= hour_received + INTERVAL '15' MINUTE THEN hour_received + INTERVAL '15' MINUTE
            ELSE hour_received
        END AS quarter_received
    FROM counted
),
-- A row for each quarter, and a row for each visitor of a UTC day with the quarter of its first view. One reading of the
-- hits is enough for both.
grouped AS (
    SELECT
        min(quarter_received) AS quarter_received,
        visitor,
        grouping(visitor) AS is_quarter,
        count(*) FILTER (WHERE in_range) AS views,
        bool_and(in_range) AS begins_in_range
    FROM with_quarter
    GROUP BY GROUPING SETS ((quarter_received), (visitor, day_received))
)
SELECT
    quarter_received AS quarter,
    sum(views) FILTER (WHERE is_quarter = 1) AS views,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors
FROM grouped
GROUP BY quarter_received
HAVING sum(views) FILTER (WHERE is_quarter = 1) > 0
ORDER BY quarter_received NULLS LAST
