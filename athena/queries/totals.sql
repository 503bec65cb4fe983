-- question: How much was counted in all?
-- parameters: counted_event, received_from, agents, year_from, year_to, hour_from, hour_to, day_from, received_to, open_agents, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- hits counts all events; pages counts distinct viewed pages. opens_at_most counts also the opens of mail proxies and
-- prefetch, which people may have caused. A visitor counts once in each UTC day, at the first of its views; that may be
-- before the range begins. With a condition on event, the hits that meet the conditions take the place of views.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        ? IN ('*', min(event)) AS is_counted,
        min(site) AS site,
        min(page) AS page,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        min(received_at) AS received_at,
        date_trunc('day', min(received_at)) AS day_received,
        min(received_at) >= CAST(? AS timestamp(3)) AS in_range,
        strpos(?, min(coalesce(agent, 'unknown'))) > 0 AS is_chosen
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND strpos(CASE event WHEN 'open' THEN ? ELSE ? END, coalesce(agent, 'unknown')) > 0
        AND (? = '*' OR site IN (?, ?))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
    GROUP BY hit_id
),
-- A row for each site and page, and a row for each visitor of a UTC day. One reading of the hits is enough for both.
grouped AS (
    SELECT
        site,
        page,
        visitor,
        grouping(visitor) AS is_page,
        count(*) FILTER (WHERE in_range AND is_chosen) AS hits,
        count(*) FILTER (WHERE in_range AND is_counted AND is_chosen) AS views,
        count(*) FILTER (WHERE in_range AND event = 'open' AND is_chosen) AS opens,
        count(*) FILTER (WHERE in_range AND event = 'open') AS opens_at_most,
        count(*) FILTER (WHERE in_range AND event = 'click' AND is_chosen) AS clicks,
        bool_and(in_range) FILTER (WHERE is_counted AND is_chosen) AS begins_in_range,
        min(received_at) FILTER (WHERE in_range AND is_chosen) AS first_received_at,
        max(received_at) FILTER (WHERE in_range AND is_chosen) AS last_received_at
    FROM counted
    GROUP BY GROUPING SETS ((site, page), (visitor, day_received))
)
SELECT
    coalesce(sum(hits) FILTER (WHERE is_page = 1), 0) AS hits,
    coalesce(sum(views) FILTER (WHERE is_page = 1), 0) AS views,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors,
    coalesce(sum(opens) FILTER (WHERE is_page = 1), 0) AS opens,
    coalesce(sum(opens_at_most) FILTER (WHERE is_page = 1), 0) AS opens_at_most,
    coalesce(sum(clicks) FILTER (WHERE is_page = 1), 0) AS clicks,
    count(page) FILTER (WHERE views > 0) AS pages,
    count(DISTINCT site) FILTER (WHERE hits > 0) AS sites,
    min(first_received_at) AS first_received_at,
    max(last_received_at) AS last_received_at
FROM grouped
