-- question: How many visits were there, and how long did they last?
-- parameters: received_from, received_to, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
-- visits: agents
--
-- A visit belongs to the moment of its first hit. It counts if one of its hits meets the conditions, and then as a whole.
-- single_page_visits have exactly one view and no custom event. median_seconds is the median of the time from the first
-- to the last hit, over visits with at least two; nobody knows how long a single page was read.
WITH counted AS (
    SELECT
        hit_id,
        min(visit_id) AS visit_id,
        min(event) AS event,
        min(received_at) AS received_at,
        min(received_at) >= CAST(? AS timestamp(3)) AS is_from,
        min(received_at) < CAST(? AS timestamp(3)) AS is_before,
        bool_or(
        (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        ) AS is_match
    FROM visited_hits
    WHERE visit_id IS NOT NULL
    GROUP BY hit_id
),
timed AS (
    SELECT
        *,
        extract(HOUR FROM received_at) * 3600 + extract(MINUTE FROM received_at) * 60
            + extract(SECOND FROM received_at) AS second_of_day
    FROM counted
),
visits_in_range AS (
    SELECT
        visit_id,
        count(*) AS hits,
        count(*) FILTER (WHERE event = 'view') AS views,
        CAST(max(second_of_day) - min(second_of_day) AS bigint) AS seconds
    FROM timed
    GROUP BY visit_id
    HAVING bool_and(is_from) AND bool_or(is_before) AND bool_or(is_match)
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY hits > 1 ORDER BY seconds NULLS LAST) AS place,
        count(*) OVER (PARTITION BY hits > 1) AS places
    FROM visits_in_range
)
SELECT
    count(*) AS visits,
    count(*) FILTER (WHERE hits = 1 AND views = 1) AS single_page_visits,
    avg(seconds) FILTER (WHERE hits > 1 AND 2 * place BETWEEN places AND places + 2) AS median_seconds
FROM ranked
