-- question: Which programs opened emails?
-- parameters: agents, year_from, year_to, hour_from, hour_to, received_from, received_to, open_agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- The program is the browser; for mail proxies, prefetch and programs without a browser it is the rule that found the
-- agent, such as mail.gmail. opens_at_most counts also the opens of mail proxies and prefetch, which people may have
-- caused.
WITH counted AS (
    SELECT
        hit_id,
        min(CASE
            WHEN browser IS NULL OR agent IN ('mail_proxy', 'prefetch') THEN nullif(split_part(agent_rule, '/', 2), '')
            ELSE browser
        END) AS program,
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
)
SELECT
    program,
    count(*) FILTER (WHERE is_chosen) AS opens,
    count(*) AS opens_at_most
FROM counted
GROUP BY program
ORDER BY opens_at_most DESC NULLS LAST, opens DESC NULLS LAST, program NULLS LAST
