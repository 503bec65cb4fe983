-- view: Every hit once, however often it was delivered
-- columns: *, occurrence bigint
--
-- For SQL by hand. A question filters first and deduplicates after, in one statement of its own: a filter on
-- the partitions or on received_at does not reach through this view, which therefore reads the whole table.
-- occurrence is always 1.
SELECT *
FROM (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY hit_id
            ORDER BY received_at NULLS LAST, year NULLS LAST, month NULLS LAST, day NULLS LAST, hour NULLS LAST
        ) AS occurrence
    FROM hits
    WHERE hit_id IS NOT NULL
) AS numbered
WHERE occurrence = 1
