"""Whole rows as they were recorded: all columns, NULLs, maps, what is there twice, and what came late."""

import hits

# The partitions that the fixed hits lie in.
FIXED = f"year * 1000000 + month * 10000 + day * 100 + hour IN ({', '.join(hits.HOURS)})"
PARTITION = ["year", "month", "day", "hour"]


def test_all_columns_of_all_hits(table):
    answer = table.both(f"SELECT * FROM hits WHERE {FIXED} ORDER BY hit_id NULLS LAST")
    fixed = hits.fixed()
    expected = sorted(fixed + fixed[hits.AGAIN] + [hits.record(*hits.NEW)], key=lambda hit: hit["hit_id"])
    found = [{name: value for name, value in row.items() if value is not None and name not in PARTITION}
             for row in answer.dicts()]
    assert found == expected
    kinds = {kind for _, kind in answer.columns}
    assert kinds == {"varchar", "timestamp(3)", "boolean", "map(varchar, varchar)", "integer"}


def test_hits_lie_in_the_folder_of_the_oldest_in_their_file(table):
    answer = table.both(f"""SELECT received_at, year, month, day, hour, count(*) AS hits FROM hits WHERE {FIXED}
        AND received_at IN (CAST('2026-01-01 00:00:00' AS timestamp(3)), CAST('2026-02-28 23:30:00.001' AS timestamp(3)))
        GROUP BY received_at, year, month, day, hour ORDER BY received_at NULLS LAST""")
    assert answer.rows == [["2026-01-01 00:00:00.000", 2025, 12, 31, 23, hits.HITS_A_MOMENT],
                           ["2026-02-28 23:30:00.001", 2026, 3, 1, 19, hits.HITS_A_MOMENT]]


def test_names_of_parameters_keep_their_case_and_a_missing_one_is_null(table):
    answer = table.both(f"""SELECT hit_id, element_at(params, 'N') AS upper_case, element_at(params, 'n') AS lower_case,
        element_at(params, 'user.id') AS dotted, element_at(params, 'empty') AS empty, element_at(params, 'x') AS missing,
        element_at(headers, 'user-agent') AS agent FROM hits WHERE {FIXED} AND hit_id < '{hits.hit_id(2)}'
        ORDER BY hit_id NULLS LAST""")
    assert answer.rows == [[hits.hit_id(0), "0", "x", "reader-0", "", None, None],
                           [hits.hit_id(1), "1", "x", "reader-1", "", None, "Mozilla/5.0"]]


def test_what_was_delivered_twice_is_there_twice_and_counts_once(table):
    answer = table.both(f"""SELECT count(*) AS hits, count(DISTINCT hit_id) AS ids, count(site) AS sites,
        count(*) FILTER (WHERE truncated) AS truncated FROM hits WHERE {FIXED}""")
    again = hits.AGAIN.stop - hits.AGAIN.start
    row, = answer.dicts()
    assert row["hits"] == row["ids"] + again == len(hits.fixed()) + again + 1
    assert 0 < row["sites"] < row["hits"] and 0 < row["truncated"] < row["hits"]


def test_hits_of_now_are_as_the_server_recorded_them(table):
    scope = table.lake.live
    values = scope.values()
    parameters = [values[name] for name in ("hour_from", "hour_to", "received_from", "received_to")]
    answer = table.both("""SELECT event, page, title, utm_source, format, count(*) AS hits, count(DISTINCT hit_id) AS ids,
        min(element_at(params, 'N')) AS number, min(element_at(params, 'deep.Er.0')) AS deep, min(language) AS language
        FROM hits WHERE year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3)) AND received_at < CAST(? AS timestamp(3))
        GROUP BY event, page, title, utm_source, format
        ORDER BY event NULLS LAST, page NULLS LAST, title NULLS LAST""", parameters)
    assert answer.rows == [
        ["click", "/bells", None, None, "post", 1, 1, None, None, None],
        ["open", None, None, None, "gif", 1, 1, None, None, "de-AT"],
        ["view", "/0", None, "mail", "gif", 4, 4, "0", None, "de-AT"],
        ["view", "/1", None, "mail", "gif", 4, 4, "1", None, "de-AT"],
        ["view", "/2", None, "mail", "gif", 4, 4, "11", None, "de-AT"],
        ["view", "/bells", "Bell", None, "post", 2, 1, None, "1", None],
        ["view", "/from/referer", None, None, "css", 1, 1, None, None, "de-AT"],
    ]


def test_what_a_stream_got_weeks_late_lies_in_the_hour_it_came(table):
    scope, id_ = table.lake.live, hits.hit_id(hits.LATE[0])
    values = scope.values()
    hours = [values["hour_from"], values["hour_to"]]
    hour = "year * 1000000 + month * 10000 + day * 100 + hour"
    answer = table.both(f"""SELECT hit_id, received_at FROM hits WHERE hit_id = ?
        AND {hour} BETWEEN CAST(? AS integer) AND CAST(? AS integer)""", [id_, *hours])
    assert answer.rows == [[id_, hits.LATE[1]]]
    # So a question about the day it was received does not see it: for that, `beacon replay --lake` is there.
    answer = table.both(f"SELECT count(*) AS hits FROM hits WHERE hit_id = '{id_}' AND {FIXED}")
    assert answer.rows == [[0]]


def test_error_objects_lie_beside_the_data_and_are_no_rows(table):
    errors = [key for key in table.lake.keys("errors/")]
    assert len(errors) == 1 and errors[0].startswith("errors/format-conversion-failed/year="), errors
    answer = table.both(f"SELECT count(*) AS hits FROM hits WHERE hit_id IS NULL AND {FIXED}")
    assert answer.rows == [[0]]
