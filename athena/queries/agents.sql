-- question: Who asked: people, bots or mail programs?
-- parameters: year_from, year_to, hour_from, hour_to, received_from, received_to, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- Counts the hits of all classes of agents; other questions count human and unknown unless they are told otherwise.
-- Records of version 0.1.0 have no class: they count as unknown, without a rule.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(coalesce(agent, 'unknown')) AS agent,
        min(agent_rule) AS agent_rule
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site IN (?, ?))
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
    GROUP BY hit_id
)
SELECT
    agent,
    agent_rule,
    count(*) FILTER (WHERE event = 'view') AS views,
    count(*) FILTER (WHERE event = 'open') AS opens,
    count(*) AS hits
FROM counted
GROUP BY agent, agent_rule
ORDER BY hits DESC NULLS LAST, agent NULLS LAST, agent_rule NULLS LAST
