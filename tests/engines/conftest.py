"""What the tests share: one S3 and Glue, one Trino, and two lakes that `beacon` filled, in Parquet and in JSON.

What this suite does not prove of Athena: Trino's JSON reader is not the OpenX SerDe (broken lines, repeated keys);
Trino does not check Glue's types of columns; work groups, scan limits, the quoting of ExecutionParameters, result files
and Hive's DDL are no part of it; and moto's crawler crawls nothing, so partitions are registered here as AWS documents
that the crawler does. Those rules have tests beside what generates or parses the thing.
"""

import datetime
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import hits
from aws_services import aws_services, client, resource
from catalog import Table
from engines import Beacon, Trino
from lake import Lake
from questions import Scope
from traffic import Traffic

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "infra/catalog.yaml").read_text()

# Those of the fixed hits, and that of the hits sent now, which may be the next one while the suite runs. Each year of a
# projection without a filter is 8,928 folders.
SOON = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
YEARS = {"FirstYear": "2025", "LastYear": str(SOON.year)}

TABLES = {
    "parquet": {"Format": "parquet", **YEARS},
    "parquet, crawled, prefix": {"Format": "parquet", "Partitions": "crawler", "Database": "partner",
                                 "TablePrefix": "tp_", "CrawlerSchedule": "cron(5 * * * ? *)"},
    "json": {"Format": "json", "Database": "json_lake", **YEARS},
    "json, crawled": {"Format": "json", "Partitions": "crawler", "Database": "json_crawled"},
}


@pytest.fixture(scope="session")
def program():
    """The `beacon` to test, which `run` names."""
    return os.environ["BEACON"]


@pytest.fixture(scope="session")
def traffic():
    """The requests to S3."""
    return Traffic()


@pytest.fixture(scope="session")
def aws(traffic):
    """S3, Glue and Athena's catalog of queries, and the environment that points every client at them."""
    with aws_services() as variables:
        yield variables


@pytest.fixture(scope="session")
def s3(aws):
    return resource("s3", aws["AWS_ENDPOINT_URL"])


@pytest.fixture(scope="session")
def glue(aws):
    return client("glue", aws["AWS_ENDPOINT_URL"])


@pytest.fixture(scope="session")
def athena(aws):
    return client("athena", aws["AWS_ENDPOINT_URL"])


@pytest.fixture(scope="session")
def trino(aws, s3, glue, tmp_path_factory):
    server = Trino(os.environ["TRINO_HOME"], aws, tmp_path_factory.mktemp("trino"))
    try:
        make_probe(s3, glue)
        server.wait_until_ready("SELECT count(*) FROM probe.lines")
        yield server
    finally:
        server.end()


@pytest.fixture(scope="session")
def make_lake(program, aws, s3, tmp_path_factory):
    """Makes an empty lake in a bucket of its own."""
    def make(name, form="parquet", columns=""):
        return Lake(program, aws, s3, name, form, tmp_path_factory.mktemp("lake"), columns)
    return make


@pytest.fixture(scope="session")
def make_table(trino, glue, athena):
    """Makes a stack of the catalog over a lake; `template` is the committed one or one with custom columns."""
    def make(lake, template=TEMPLATE, **parameters):
        return Table(trino, glue, athena, template, lake, **parameters)
    return make


@pytest.fixture(scope="session")
def lakes(make_lake):
    """One lake of each format, with the same fixed hits and hits sent to a running server."""
    return {form: fill(make_lake(f"{form}-lake", form)) for form in ("parquet", "json")}


@pytest.fixture(scope="session")
def tables(lakes, make_table):
    made = {}
    for name, parameters in TABLES.items():
        made[name] = make_table(lakes[parameters["Format"]], **parameters)
        if parameters.get("Partitions") == "crawler":
            assert made[name].crawl() > len(hits.MOMENTS) / 2
    return made


@pytest.fixture(params=TABLES)
def table(request, tables):
    """Each of the tables in turn."""
    return tables[request.param]


def fill(lake):
    fixed = hits.fixed()
    lake.replay(hits.lines(fixed))
    # Replayed once more days later, among hits that are new: these are in the lake twice.
    lake.replay(hits.lines(fixed[hits.AGAIN] + [hits.record(*hits.NEW)]))
    for from_, to in hits.MOVED.items():
        lake.move_hour(from_, to)
    lake.live = send(lake)
    return lake


def send(lake):
    """Hits through HTTP and the Firehose API, and what is no hit; answers with the time they were received in."""
    now = datetime.datetime.now(datetime.UTC)
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:151.0)", "Accept-Language": "de-AT,de;q=0.8"}
    with lake.serve() as server:
        for number in range(12):
            server.record(f"/pixel.gif?site=live.example&page=/{number % 3}&N={number}&n=x&utm_source=mail"
                          "&ref=https://www.search.example/", **browser)
        server.record("/trackingpixel?site=live.example&event=open&userid=7&thirdpartyname=%22quoted%22", **browser)
        server.record("/pixel.css?site=live.example", Referer="https://live.example/from/referer", **browser)
        item = {"url": "https://live.example/bells?q=1", "name": "Bell", "id": "a-1", "deep": {"Er": [1, None]}}
        server.post(item)
        server.post([item, {"url": "https://live.example/bells", "event": "click"}])
        firehose = server.firehose()
        late = hits.record(*hits.LATE)
        answer = firehose.put_record_batch(DeliveryStreamName="hits", Records=[
            {"Data": hits.lines([late]).encode()}, {"Data": b"no hit\n"}])
        assert answer["FailedPutCount"] == 0
    minute = datetime.timedelta(minutes=1)
    return Scope(*(f"{moment:%Y-%m-%d %H:%M:%S}" for moment in
                   (now - minute, datetime.datetime.now(datetime.UTC) + minute)))


def make_probe(s3, glue):
    """The smallest table, to ask Trino whether it scans yet."""
    s3.create_bucket(Bucket="probe").put_object(Key="lines/one.txt", Body=b"1\n")
    glue.create_database(DatabaseInput={"Name": "probe"})
    glue.create_table(DatabaseName="probe", TableInput={
        "Name": "lines", "TableType": "EXTERNAL_TABLE", "Parameters": {"EXTERNAL": "TRUE"}, "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": [{"Name": "line", "Type": "string"}], "Location": "s3://probe/lines/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"}}})
