"""The statements of docs/sql.md have the same rows on both engines."""

import re

import pytest

from conftest import ROOT

TEXT = (ROOT / "tests/fixtures/statements.sql").read_text()
STATEMENTS = dict(one.strip().removeprefix("-- ").split("\n", 1) for one in TEXT.split(";\n") if one.strip())

LENGTH = re.compile(r"varchar\(\d+\)")


@pytest.mark.parametrize("title", STATEMENTS)
def test_a_statement_of_the_page_has_the_same_rows(tables, title):
    # Views read the whole table, which of a projected one is thousands of folders.
    table, sql = tables["json, crawled"], STATEMENTS[title]
    expected, ours = table.ask(sql), table.lake.beacon.ask(sql)
    assert ours.rows == expected.rows
    assert ours.columns == [(name, LENGTH.sub("varchar", kind)) for name, kind in expected.columns]
