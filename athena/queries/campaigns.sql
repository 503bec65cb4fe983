-- question: What did each campaign bring?
-- parameters: counted_event, reader_parameter, reader_header, received_from, agents, received_to, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
-- visits: open_agents
--
-- A campaign is a combination of utm_source, utm_medium and utm_campaign, in lower case: LinkedIn and linkedin are one.
-- The views and custom events of a visit belong to the campaign of its first view, opens and clicks to their own.
-- opens_at_most counts also the opens of mail proxies and prefetch, which people may have caused; unique opens are the
-- different values of a custom column among them. A visitor counts once in each UTC day and row, at the first of its
-- views there; that may be before the range begins. With a condition on event, the hits that meet the conditions take
-- the place of views.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        ? IN ('*', min(event)) AS is_counted,
        min(nullif(coalesce(element_at(params, ?), element_at(headers, ?)), '')) AS reader,
        min(lower(utm_source)) AS utm_source,
        min(lower(utm_medium)) AS utm_medium,
        min(lower(utm_campaign)) AS utm_campaign,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        date_trunc('day', min(received_at)) AS day_received,
        min(received_at) >= CAST(? AS timestamp(3)) AS in_range,
        strpos(?, min(coalesce(agent, 'unknown'))) > 0 AS is_chosen
    FROM visited_hits
    WHERE
        received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND (utm_source IS NOT NULL OR utm_medium IS NOT NULL OR utm_campaign IS NOT NULL)
    GROUP BY hit_id
),
-- A row for each visitor of a UTC day, and a row for each value of the custom column.
grouped AS (
    SELECT
        utm_source,
        utm_medium,
        utm_campaign,
        visitor,
        reader,
        grouping(visitor) AS is_reader,
        count(*) FILTER (WHERE in_range) AS hits_at_most,
        count(*) FILTER (WHERE in_range AND is_chosen) AS hits,
        count(*) FILTER (WHERE in_range AND is_counted AND is_chosen) AS views,
        count(*) FILTER (WHERE in_range AND event = 'open' AND is_chosen) AS opens,
        count(*) FILTER (WHERE in_range AND event = 'open') AS opens_at_most,
        count(*) FILTER (WHERE in_range AND event = 'click') AS clicks,
        bool_and(in_range) FILTER (WHERE is_counted AND is_chosen) AS begins_in_range
    FROM counted
    GROUP BY GROUPING SETS (
        (utm_source, utm_medium, utm_campaign, visitor, day_received),
        (utm_source, utm_medium, utm_campaign, reader)
    )
)
SELECT
    utm_source,
    utm_medium,
    utm_campaign,
    sum(hits) FILTER (WHERE is_reader = 0) AS hits,
    sum(views) FILTER (WHERE is_reader = 0) AS views,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors,
    sum(opens) FILTER (WHERE is_reader = 0) AS opens,
    sum(opens_at_most) FILTER (WHERE is_reader = 0) AS opens_at_most,
    sum(clicks) FILTER (WHERE is_reader = 0) AS clicks,
    count(reader) FILTER (WHERE opens > 0) AS unique_opens,
    count(reader) FILTER (WHERE opens_at_most > 0) AS unique_opens_at_most
FROM grouped
GROUP BY utm_source, utm_medium, utm_campaign
HAVING sum(hits_at_most) > 0
ORDER BY hits DESC NULLS LAST, utm_source NULLS LAST, utm_medium NULLS LAST, utm_campaign NULLS LAST
