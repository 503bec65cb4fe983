-- question: Which messages were opened?
-- parameters: reader_parameter, reader_header, agents, year_from, year_to, hour_from, hour_to, received_from, received_to, open_agents, agents, site, site, site_also, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- A message is utm_content, else the title of an open or a click; utm_content is NULL where the title names it. The tags
-- are in lower case. opens_at_most counts also the opens of mail proxies and prefetch, which people may have caused.
-- Unique opens are the different values of a custom column among them.
WITH counted AS (
    SELECT
        hit_id,
        min(event) AS event,
        min(lower(utm_campaign)) AS campaign,
        min(coalesce(lower(utm_content), title)) AS message,
        min(lower(utm_content)) AS utm_content,
        min(nullif(coalesce(element_at(params, ?), element_at(headers, ?)), '')) AS reader,
        strpos(?, min(coalesce(agent, 'unknown'))) > 0 AS is_chosen
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND strpos(CASE event WHEN 'open' THEN ? ELSE ? END, coalesce(agent, 'unknown')) > 0
        AND (? = '*' OR site IN (?, ?))
        AND event IN ('open', 'click')
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
    GROUP BY hit_id
),
by_reader AS (
    SELECT
        campaign,
        message,
        utm_content,
        reader,
        count(*) FILTER (WHERE is_chosen) AS hits,
        count(*) FILTER (WHERE event = 'open' AND is_chosen) AS opens,
        count(*) FILTER (WHERE event = 'open') AS opens_at_most,
        count(*) FILTER (WHERE event = 'click') AS clicks
    FROM counted
    GROUP BY campaign, message, utm_content, reader
)
SELECT
    campaign,
    message,
    utm_content,
    sum(hits) AS hits,
    sum(opens) AS opens,
    sum(opens_at_most) AS opens_at_most,
    count(reader) FILTER (WHERE opens > 0) AS unique_opens,
    count(reader) FILTER (WHERE opens_at_most > 0) AS unique_opens_at_most,
    sum(clicks) AS clicks
FROM by_reader
GROUP BY campaign, message, utm_content
ORDER BY
    hits DESC NULLS LAST,
    opens_at_most DESC NULLS LAST,
    campaign NULLS LAST,
    message NULLS LAST,
    utm_content NULLS LAST
