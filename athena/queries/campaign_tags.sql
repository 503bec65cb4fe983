-- question: What did each value of a campaign tag bring?
-- parameters: tag, received_from, received_to, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
-- visits: agents
--
-- The tag is utm_source, utm_medium, utm_campaign, utm_term or utm_content, that of the visit, in lower case. Views
-- without the tag are left out.
-- A visitor counts once in each UTC day and row, at the first of its views there; that may be before the range begins.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        min(lower(CASE ?
            WHEN 'utm_source' THEN utm_source
            WHEN 'utm_medium' THEN utm_medium
            WHEN 'utm_campaign' THEN utm_campaign
            WHEN 'utm_term' THEN utm_term
            WHEN 'utm_content' THEN utm_content
        END)) AS value,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        date_trunc('day', min(received_at)) AS day_received,
        min(received_at) >= CAST(? AS timestamp(3)) AS in_range
    FROM visited_hits
    WHERE
        received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND event = 'view'
    GROUP BY hit_id
),
by_visitor AS (
    SELECT
        value,
        visitor,
        count(*) FILTER (WHERE in_range) AS views,
        bool_and(in_range) AS begins_in_range
    FROM counted
    WHERE value IS NOT NULL
    GROUP BY value, visitor, day_received
)
SELECT value, sum(views) AS views, count(visitor) FILTER (WHERE begins_in_range) AS visitors
FROM by_visitor
GROUP BY value
HAVING sum(views) > 0
ORDER BY views DESC NULLS LAST, value NULLS LAST
