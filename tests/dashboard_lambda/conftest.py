"""The dashboard's function between a Runtime API and either of two Athenas: one that runs the SQL on Trino, and moto,
which knows the calls but runs nothing. S3, Glue, Trino and the lake are those of tests/engines.

What this suite does not prove of Athena: that it reuses a result only for the same parameters, its wording of errors,
its quotas, and the rights of the function's role. What the template grants is compared in tests/infra.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ENGINES = Path(__file__).resolve().parents[1] / "engines"
sys.path.insert(0, str(ENGINES))
sys.path.insert(0, str(ENGINES.parent / "support"))

# By its file, because this one has its name.
_spec = importlib.util.spec_from_file_location("engines_fixtures", ENGINES / "conftest.py")
engines_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(engines_fixtures)
from athena_api import AthenaApi  # noqa: E402
from client import Dashboard  # noqa: E402
from function import Function  # noqa: E402
from local_dashboard import Local  # noqa: E402

program, traffic, aws, s3, glue, athena, trino = (
    getattr(engines_fixtures, name) for name in ("program", "traffic", "aws", "s3", "glue", "athena", "trino"))
make_lake, make_table = engines_fixtures.make_lake, engines_fixtures.make_table

PASSWORD = "correct horse"
# The bucket of the document of keys and share links.
DOCUMENTS = "documents"
COLUMNS = "reader=params.user.id,program=headers.user-agent"


@pytest.fixture(scope="session")
def password_hash(program):
    made = subprocess.run([program, "dashboard-password"], input=PASSWORD + "\n", capture_output=True, text=True, check=True)
    return made.stdout.strip()


@pytest.fixture(scope="session")
def lake(make_lake):
    return engines_fixtures.fill(make_lake("dashboard-lake"))


@pytest.fixture(scope="session")
def table(make_table, lake):
    made = make_table(lake, Format="parquet", Partitions="crawler", Database="partner", TablePrefix="tp_",
                      CrawlerSchedule="cron(5 * * * ? *)")
    assert made.crawl() > 5
    return made


@pytest.fixture(scope="session")
def athena_on_trino(trino, table):
    """Athena's calls, answered by Trino."""
    api = AthenaApi(trino, work_group=table.database)
    yield api
    api.end()


@pytest.fixture(scope="session")
def start_function(password_hash, aws, s3):
    """Starts the program over an endpoint of Athena's; the page's user is logged in."""
    started = []
    s3.Bucket(DOCUMENTS).create()

    def start(endpoint, database, table, log_in=True):
        function = Function(os.environ["DASHBOARD"], {
            "AWS_ENDPOINT_URL_ATHENA": endpoint,
            "BEACON_WORKGROUP": database,
            "BEACON_DATABASE": database,
            "BEACON_TABLE": table,
            "BEACON_BUFFER_INTERVAL_SECONDS": "60",
            "BEACON_COLUMNS": COLUMNS,
            "BEACON_DASHBOARD_PASSWORD_HASH": password_hash,
            "BEACON_DASHBOARD_KEY": "0123456789abcdef" * 2,
            "BEACON_DASHBOARD_DOCUMENT": f"s3://{DOCUMENTS}/dashboard/document.json",
            "AWS_ENDPOINT_URL_S3": aws["AWS_ENDPOINT_URL"],
        })
        started.append(function)
        dashboard = Dashboard(function)
        if log_in:
            dashboard.log_in(PASSWORD)
        return dashboard

    yield start
    for function in started:
        function.end()


@pytest.fixture(scope="session")
def dashboard(start_function, athena_on_trino, table):
    """The dashboard as it is on AWS, over Trino."""
    return start_function(athena_on_trino.url, table.database, table.name)


@pytest.fixture(scope="session")
def local(lake):
    """The dashboard of one machine, over the same lake."""
    server = Local(lake, COLUMNS)
    yield server
    server.end()
