-- view: Every hit once, however often it was delivered
-- columns: *, occurrence bigint
--
-- For your own SQL. Filters on the partitions or on received_at do not reach through this view, so it reads the whole
-- table. Named queries therefore filter first and deduplicate afterwards, in one statement. occurrence is always 1.
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
