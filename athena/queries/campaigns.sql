-- question: What did each campaign bring?
-- parameters: agents, year_from, year_to, hour_from, hour_to, received_from, received_to, open_agents, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- A campaign is a combination of utm_source, utm_medium and utm_campaign, in lower case: LinkedIn and linkedin are one.
-- opens_at_most counts also the opens of mail proxies and prefetch, which people may have caused.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(lower(utm_source)) AS utm_source,
        min(lower(utm_medium)) AS utm_medium,
        min(lower(utm_campaign)) AS utm_campaign,
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
        AND (utm_source IS NOT NULL OR utm_medium IS NOT NULL OR utm_campaign IS NOT NULL)
    GROUP BY hit_id
)
SELECT
    utm_source,
    utm_medium,
    utm_campaign,
    count(*) FILTER (WHERE is_chosen) AS hits,
    count(*) FILTER (WHERE event = 'view') AS views,
    count(*) FILTER (WHERE event = 'open' AND is_chosen) AS opens,
    count(*) FILTER (WHERE event = 'open') AS opens_at_most,
    count(*) FILTER (WHERE event = 'click') AS clicks
FROM counted
GROUP BY utm_source, utm_medium, utm_campaign
ORDER BY hits DESC NULLS LAST, utm_source NULLS LAST, utm_medium NULLS LAST, utm_campaign NULLS LAST
