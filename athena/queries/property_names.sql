-- question: Which properties do custom events have?
-- parameters: received_from, year_from, year_to, hour_from, hour_to, day_from, received_to, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- A property is a parameter of a hit that isn't one of beacon's own, such as page or utm_source; of each hit the first
-- 64 are listed. Counts those of custom events, or with a condition on event those of the hits that meet it. A visitor
-- counts once in each UTC day and row, at the first of its events there; that may be before the range begins.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH places (place) AS (
    VALUES
        (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16),
        (17), (18), (19), (20), (21), (22), (23), (24), (25), (26), (27), (28), (29), (30), (31), (32),
        (33), (34), (35), (36), (37), (38), (39), (40), (41), (42), (43), (44), (45), (46), (47), (48),
        (49), (50), (51), (52), (53), (54), (55), (56), (57), (58), (59), (60), (61), (62), (63), (64)
),
-- The conditions are here, beside the table: behind the join they would not reach its partitions.
chosen AS (
    SELECT
        hit_id,
        visitor,
        received_at,
        params,
        received_at >= CAST(? AS timestamp(3)) AS in_range,
        cardinality(params) AS names,
        array_join(map_keys(params), chr(10)) AS lines
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
        AND event NOT IN ('view', 'open', 'click')
),
-- The engines have no way in common to make a row of each key; each of the text's lines is one.
named AS (
    SELECT hit_id, visitor, received_at, in_range, params, split_part(lines, chr(10), place) AS property
    FROM chosen
    CROSS JOIN places
    WHERE place <= names
),
counted AS (
    SELECT
        hit_id,
        property,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        date_trunc('day', min(received_at)) AS day_received,
        bool_and(in_range) AS in_range
    FROM named
    WHERE
        nullif(element_at(params, property), '') IS NOT NULL
        AND NOT starts_with(lower(property), 'utm_')
        AND property NOT IN (
            '',
            'click_id',
            'debug',
            'event',
            'id',
            'name',
            'page',
            'ref',
            'referrer',
            'site',
            'title',
            'touch',
            'url',
            'vw',
            'webdriver'
        )
    GROUP BY hit_id, property
),
by_visitor AS (
    SELECT
        property,
        visitor,
        count(*) FILTER (WHERE in_range) AS times,
        bool_and(in_range) AS begins_in_range
    FROM counted
    GROUP BY property, visitor, day_received
)
SELECT property, sum(times) AS times, count(visitor) FILTER (WHERE begins_in_range) AS visitors
FROM by_visitor
GROUP BY property
HAVING sum(times) > 0
ORDER BY times DESC NULLS LAST, property NULLS LAST
