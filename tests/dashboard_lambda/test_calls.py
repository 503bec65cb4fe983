"""The function against moto, whose Athena has the models of the real one's calls and runs no SQL."""

import json
import urllib.request

import pytest

ACCOUNT = "123456789012"


@pytest.fixture(scope="module")
def dashboard_on_moto(start_function, aws, athena):
    athena.create_work_group(Name="calls", Configuration={"ResultConfiguration": {"OutputLocation": "s3://probe/results/"}})
    return start_function(aws["AWS_ENDPOINT_URL"], "calls", "tp_hits")


def queue_result(aws, columns, rows):
    """What moto answers next. The first row of a SELECT is its header."""
    rows = [[name for name, _ in columns], *rows]
    body = {"account_id": ACCOUNT, "region": aws["AWS_REGION"], "results": [{
        "rows": [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in rows],
        "column_info": [{"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name, "Type": kind,
                         "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN", "CaseSensitive": False}
                        for name, kind in columns]}]}
    request = urllib.request.Request(f"{aws['AWS_ENDPOINT_URL']}/moto-api/static/athena/query-results",
                                     data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    assert urllib.request.urlopen(request).status == 201


def test_a_question_is_what_aws_takes(dashboard_on_moto, aws, athena):
    queue_result(aws, [("page", "varchar"), ("views", "bigint")], [["/", "7"], [None, "1"]])
    answer = dashboard_on_moto.ask(question="top_pages", from_ms=0, to_ms=1, site="o'brien.example")
    assert answer["columns"] == [{"name": "page", "type": "varchar"}, {"name": "views", "type": "bigint"}]
    assert answer["rows"] == [["/", 7], [None, 1]]

    started, = athena.list_query_executions(WorkGroup="calls")["QueryExecutionIds"]
    execution = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
    assert execution["Query"] == answer["sql"]
    assert execution["QueryExecutionContext"] == {"Catalog": "AwsDataCatalog", "Database": "calls"}
    assert execution["WorkGroup"] == "calls"
    # day_from, received_to, agents and site.
    assert execution["ExecutionParameters"][5:9] == [
        "'1970-01-01 00:00:00.000'", "'1970-01-01 00:00:00.001'", "'human,unknown'", "'o''brien.example'"]


def test_a_query_is_known_by_its_signed_id_alone(dashboard_on_moto):
    query_id = dashboard_on_moto.submit(question="totals", from_ms=0, to_ms=1)
    dashboard_on_moto.call("GET", "/api/queries/abc", status=404)
    dashboard_on_moto.call("DELETE", f"/api/queries/{query_id}", status=204)
