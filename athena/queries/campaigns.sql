-- question: What did each campaign bring?
-- parameters: hour_from, hour_to, received_from, received_to, site, site, page, page, column_key, column_parameter, column_value, column_header, column_value
--
-- The first 100, by all their events. A campaign is what utm_source, utm_medium and utm_campaign say together.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(utm_source) AS utm_source,
        min(utm_medium) AS utm_medium,
        min(utm_campaign) AS utm_campaign
    FROM hits
    WHERE
        year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site = ?)
        AND (? = '*' OR page = ?)
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        AND (utm_source IS NOT NULL OR utm_medium IS NOT NULL OR utm_campaign IS NOT NULL)
    GROUP BY hit_id
)
SELECT
    utm_source,
    utm_medium,
    utm_campaign,
    count(*) AS hits,
    count(*) FILTER (WHERE event = 'view') AS views,
    count(*) FILTER (WHERE event = 'open') AS opens,
    count(*) FILTER (WHERE event = 'click') AS clicks
FROM counted
GROUP BY utm_source, utm_medium, utm_campaign
ORDER BY hits DESC NULLS LAST, utm_source NULLS LAST, utm_medium NULLS LAST, utm_campaign NULLS LAST
LIMIT 100
