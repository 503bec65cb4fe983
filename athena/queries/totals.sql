-- question: How much was counted in all?
-- parameters: hour_from, hour_to, received_from, received_to, site, site, page, page, column_key, column_parameter, column_value, column_header, column_value
--
-- hits are all events together; pages are the different pages that were viewed.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(site) AS site,
        min(page) AS page,
        min(received_at) AS received_at
    FROM hits
    WHERE
        year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site = ?)
        AND (? = '*' OR page = ?)
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
    GROUP BY hit_id
)
SELECT
    count(*) AS hits,
    count(*) FILTER (WHERE event = 'view') AS views,
    count(*) FILTER (WHERE event = 'open') AS opens,
    count(*) FILTER (WHERE event = 'click') AS clicks,
    count(DISTINCT coalesce(site, '') || page) FILTER (WHERE event = 'view') AS pages,
    count(DISTINCT site) AS sites,
    min(received_at) AS first_received_at,
    max(received_at) AS last_received_at
FROM counted
