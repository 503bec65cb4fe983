-- question: How many emails were opened in each quarter of an hour?
-- parameters: agents, year_from, year_to, hour_from, hour_to, received_from, received_to, open_agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Quarters are in UTC; a quarter without opens has no row. opens_at_most counts also the opens of mail proxies and
-- prefetch, which people may have caused.
WITH counted AS (
    SELECT
        hit_id,
        min(received_at) AS received_at,
        date_trunc('hour', min(received_at)) AS hour_received,
        strpos(?, min(coalesce(agent, 'unknown'))) > 0 AS is_chosen
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
        AND event = 'open'
    GROUP BY hit_id
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
SELECT
    quarter_received AS quarter,
    count(*) FILTER (WHERE is_chosen) AS opens,
    count(*) AS opens_at_most
FROM with_quarter
GROUP BY quarter_received
ORDER BY quarter_received NULLS LAST
