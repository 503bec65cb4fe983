"""The Lambda and the table of the day's salt, made as infra/visitors.yaml says, in moto's DynamoDB.

Records are read by `?debug=1`, so no stream is needed. What moto does not prove: that EventBridge Scheduler calls at
midnight, and its wording of the time, which is that of its documentation.
"""

import datetime
import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from moto.dynamodb.models import DynamoDBBackend
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from aws_services import aws_services, client  # noqa: E402
from function import Function  # noqa: E402

# What Firefox sends with an image of another site: machines have no visitor.
BROWSER = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0",
    "accept": "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "accept-language": "en-US,en;q=0.9",
    "accept-encoding": "gzip, deflate, br, zstd",
    "sec-fetch-dest": "image",
    "sec-fetch-mode": "no-cors",
    "sec-fetch-site": "cross-site",
}
# More than a test takes.
END_OF_DAY_SECONDS = 30
TEMPLATE = yaml_parse((ROOT / "infra/visitors.yaml").read_text())["Resources"]


@pytest.fixture(autouse=True)
def away_from_midnight():
    """Waits until the UTC day is over, if it ends soon: in its last second no salt is made."""
    while (left := 86_400 - time.time() % 86_400) <= END_OF_DAY_SECONDS:
        time.sleep(left)


@pytest.fixture(scope="session")
def endpoint():
    """Serves DynamoDB. An update of the service is atomic; one of moto's, which has a thread for each request, is not."""
    lock, update = threading.Lock(), DynamoDBBackend.update_item

    def update_alone(*arguments, **named):
        with lock:
            return update(*arguments, **named)

    with pytest.MonkeyPatch.context() as patch, aws_services() as variables:
        patch.setattr(DynamoDBBackend, "update_item", update_alone)
        yield variables["AWS_ENDPOINT_URL"]


@pytest.fixture(scope="session")
def dynamodb(endpoint):
    return client("dynamodb", endpoint)


@pytest.fixture
def table(dynamodb, request):
    """An empty table, by the properties in the template."""
    properties = TEMPLATE["SaltTable"]["Properties"]
    made = {name: properties[name] for name in ("BillingMode", "AttributeDefinitions", "KeySchema")}
    name = f"salts.{request.node.name}"
    dynamodb.create_table(TableName=name, **made)
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"])
    return name


@pytest.fixture
def start(endpoint):
    """Starts a function over a table; each ends after the test."""
    started = []

    def one(table):
        function = Function(os.environ["FUNCTION"], {
            "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
            "BEACON_STREAM": "hits",
            "BEACON_DEBUG": "on",
            "BEACON_SALT_TABLE": table,
            # A stall of the machine must not cost a visitor here.
            "BEACON_SALT_TIMEOUT_MS": "30000",
        })
        started.append(function)
        return function

    yield one
    for function in started:
        function.end()


def record(function):
    status, _, _, body = function.request("GET", "/pixel.gif", "debug=1&site=blog.example&page=/", dict(BROWSER))
    assert status == 200
    return json.loads(body)


def test_functions_that_start_at_once_know_a_visitor_alike(start, table):
    functions = [start(table) for _ in range(6)]
    with ThreadPoolExecutor(len(functions)) as pool:
        records = list(pool.map(record, functions))
    visitors = {(day(made), made["visitor"]) for made in records}
    assert len(visitors) == len({day(made) for made in records}), records
    assert all(len(made["visitor"] or "") == 22 for made in records), records


def test_the_item_is_what_the_template_deletes(start, table, dynamodb):
    made = record(start(table))
    begun = datetime.date.fromisoformat(day(made))
    midnight = f"{begun + datetime.timedelta(days=1)}T00:00:00Z"
    items = {item["ends_at"]["S"]: item for item in dynamodb.scan(TableName=table)["Items"]}
    item = items[midnight]
    assert len(item["salt"]["B"]) == 32
    expires_at = datetime.datetime.fromtimestamp(int(item["expires_at"]["N"]), datetime.UTC)
    assert expires_at.date() - begun == datetime.timedelta(days=2)

    # The call of the schedule, with the time that it has for this day's end.
    call = TEMPLATE["SaltSchedule"]["Properties"]["Target"]["Input"]["Fn::Sub"]
    call = json.loads(call.replace("${SaltTable}", table).replace("<aws.scheduler.scheduled-time>", midnight))
    for _ in range(2):
        dynamodb.delete_item(**call)
    assert midnight not in {item["ends_at"]["S"] for item in dynamodb.scan(TableName=table)["Items"]}


def test_a_salt_that_is_there_is_taken_and_another_one_is_another_visitor(start, table, dynamodb):
    first, second = record(start(table)), record(start(table))
    assert (first["visitor"] == second["visitor"]) == (day(first) == day(second))
    for item in dynamodb.scan(TableName=table)["Items"]:
        dynamodb.delete_item(TableName=table, Key={"ends_at": item["ends_at"]})
    assert record(start(table))["visitor"] != first["visitor"]


def day(made):
    """The UTC day of a record."""
    return made["received_at"][:10]


def test_a_table_that_is_not_there_costs_the_visitor_alone(start):
    made = record(start("salts.nowhere"))
    assert made.get("visitor") is None
    assert made["page"] == "/"
