-- question: Which other sites did the views come from?
-- parameters: received_from, received_to, counted_event, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
-- visits: agents
--
-- The referrer is that of the visit. Leaves out referrers on the viewed site itself (www. aside); pages counts distinct
-- viewed pages.
-- A visitor counts once in each UTC day and row, at the first of its views there; that may be before the range begins.
-- A visit belongs to the moment of its first hit, and counts if one of its hits meets the conditions.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        min(referrer_host) AS referrer_host,
        min(site) AS site,
        min(page) AS page,
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
    WHERE referrer_host IS NOT NULL
    GROUP BY hit_id
),
-- A row for each referrer and page, a row for each referrer and visitor of a UTC day, and a row for each visit.
grouped AS (
    SELECT
        referrer_host,
        page,
        visit_id,
        visitor,
        grouping(page) AS is_whole,
        count(*) FILTER (WHERE is_from AND is_before AND is_counted AND is_match) AS views,
        bool_and(is_from) FILTER (WHERE is_before AND is_counted AND is_match) AS begins_in_range,
        bool_and(is_from) AND bool_or(is_before) AND bool_or(is_match) AS is_in_range
    FROM counted
    GROUP BY GROUPING SETS (
        (referrer_host, site, page),
        (referrer_host, visit_id),
        (referrer_host, visitor, day_received)
    )
)
SELECT
    referrer_host,
    sum(views) FILTER (WHERE is_whole = 0) AS views,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors,
    count(page) FILTER (WHERE views > 0) AS pages,
    count(visit_id) FILTER (WHERE is_in_range) AS visits
FROM grouped
GROUP BY referrer_host
HAVING sum(views) > 0 OR count(visit_id) FILTER (WHERE is_in_range) > 0
ORDER BY views DESC NULLS LAST, visits DESC NULLS LAST, referrer_host NULLS LAST
