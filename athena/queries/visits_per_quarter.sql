-- question: How many visits began in each quarter of an hour?
-- parameters: received_from, received_to, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
-- visits: agents
--
-- Quarters are in UTC; a quarter without visits has no row. A visit belongs to the moment of its first hit. It counts if
-- one of its hits meets the conditions.
WITH matched AS (
    SELECT
        hit_id,
        min(visit_id) AS visit_id,
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
counted AS (
    SELECT visit_id, min(received_at) AS received_at, date_trunc('hour', min(received_at)) AS hour_received
    FROM matched
    GROUP BY visit_id
    HAVING bool_and(is_from) AND bool_or(is_before) AND bool_or(is_match)
),
with_quarter AS (
    SELECT
        *,
        CASE
            WHEN received_at >= hour_received + INTERVAL '45' MINUTE THEN hour_received + INTERVAL '45' MINUTE
            WHEN received_at >= hour_received + INTERVAL '30' MINUTE THEN hour_received + INTERVAL '30' MINUTE
            WHEN received_at >= hour_received + INTERVAL '15' MINUTE THEN hour_received + INTERVAL '15' MINUTE
            ELSE hour_received
        END AS quarter_received
    FROM counted
)
SELECT quarter_received AS quarter, count(*) AS visits
FROM with_quarter
GROUP BY quarter_received
ORDER BY quarter_received NULLS LAST
