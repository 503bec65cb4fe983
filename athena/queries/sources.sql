-- question: Where did the views come from?
-- parameters: received_from, received_to, counted_event, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
-- visits: agents
--
-- The source is that of the visit, under its name: utm_source, else the referrer on another site. NULL stands for views
-- without either: typed, bookmarked, or without a Referer.
-- A visitor counts once in each UTC day and row, at the first of its views there; that may be before the range begins.
-- A visit belongs to the moment of its first hit, and counts if one of its hits meets the conditions.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        min(source) AS source,
        min(visit_id) AS visit_id,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        date_trunc('day', min(received_at)) AS day_received,
        min(received_at) >= CAST(? AS timestamp(3)) AS is_from,
        min(received_at) < CAST(? AS timestamp(3)) AS is_before,
        ? IN ('*', min(event)) AS is_counted,
        bool_or(
        (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        ) AS is_match
    FROM visited_hits
    GROUP BY hit_id
),
-- A row for each visit, and a row for each visitor of a UTC day. One reading of the hits is enough for both.
grouped AS (
    SELECT
        source,
        visit_id,
        visitor,
        grouping(visitor) AS is_visit,
        count(*) FILTER (WHERE is_from AND is_before AND is_counted AND is_match) AS views,
        bool_and(is_from) FILTER (WHERE is_before AND is_counted AND is_match) AS begins_in_range,
        bool_and(is_from) AND bool_or(is_before) AND bool_or(is_match) AS is_in_range
    FROM counted
    GROUP BY GROUPING SETS ((source, visit_id), (source, visitor, day_received))
)
SELECT
    source,
    sum(views) FILTER (WHERE is_visit = 0) AS views,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors,
    count(visit_id) FILTER (WHERE is_in_range) AS visits
FROM grouped
GROUP BY source
HAVING sum(views) > 0 OR count(visit_id) FILTER (WHERE is_in_range) > 0
ORDER BY views DESC NULLS LAST, visits DESC NULLS LAST, source NULLS LAST
