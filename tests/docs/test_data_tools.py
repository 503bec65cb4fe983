"""Runs the examples of docs/data-tools.md unchanged over a lake whose newer file has an additional column."""

import ast
import re
import shutil
import subprocess
import sys

import pytest

from conftest import ROOT

TEXT = (ROOT / "docs/data-tools.md").read_text()

# Prints the `views` of each example as rows.
ROWS = {
    "duckdb": "print([tuple(row) for row in views])",
    "pandas": "print([(page, None if userid != userid else userid, count) for (page, userid), count in views.items()])",
    "polars": "print(views.rows())",
}


def example(tool):
    found = re.search(rf"<!-- {tool} -->\n```python\n(.*?)```\n<!-- /{tool} -->", TEXT, re.DOTALL)
    assert found, f"docs/data-tools.md has no example of {tool}"
    return found[1]


def test_every_example_is_tried():
    assert set(re.findall(r"<!-- (\w+) -->", TEXT)) == set(ROWS)


@pytest.fixture
def lake(make_beacon, tmp_path):
    """Returns a lake of two files, of which only the newer has the custom column, with one hit in both."""
    for columns, pages in [("", ["/talks", "/"]), ("userid=params.userid", ["/talks", "/talks"])]:
        beacon = make_beacon(BEACON_COLUMNS=columns, BEACON_BASE_PATH="")
        for page in pages:
            assert beacon.get(f"/hit?site=blog.example&userid=7&page={page}").headers["x-beacon"] == "recorded"
        assert beacon.get("/hit?site=blog.example&event=open&page=/mail").headers["x-beacon"] == "recorded"
        beacon.end()
    files = sorted((tmp_path / "lake/hits").rglob("*.parquet"))
    assert len(files) == 2
    shutil.copy(files[1], files[1].with_name(f"again-{files[1].name}"))
    return tmp_path


@pytest.mark.parametrize("tool", ROWS)
def test_an_example_counts_each_hit_once_and_keeps_the_new_column(tool, lake):
    code = f"{example(tool)}\n{ROWS[tool]}\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=lake, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    rows = sorted(ast.literal_eval(done.stdout), key=str)
    assert rows == [("/", None, 1), ("/talks", "7", 2), ("/talks", None, 1)], done.stdout
