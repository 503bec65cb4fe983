"""A lake in an object store, and producers that know nothing of beacon but the Firehose API."""

import base64
import gzip
import json
import re

import botocore.exceptions
import pytest
from aws_services import client
from conftest import wait_until

OBJECT_NAME = re.compile(
    r"lake/hits/year=\d{4}/month=\d\d/day=\d\d/hour=\d\d/hits-1-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f-]{36}\.(parquet|json\.gz)")


@pytest.mark.parametrize("form", ["parquet", "json"])
def test_a_hit_is_counted_before_and_after_it_reaches_the_bucket(serve, bucket, form):
    lake = f"s3://{bucket.name}/lake"
    server = serve("--lake", lake, "--format", form)
    for number in range(20):
        answer = server.get(f"/pixel.gif?site=s3.example&page=/{number}&N=1&n=2")
        assert answer.headers["x-beacon"] == "recorded"
    count = "SELECT count(*) AS hits, count(DISTINCT page) AS pages FROM hits WHERE element_at(params, 'N') = '1'"
    assert server.query(lake, count) == [{"hits": 20, "pages": 20}]
    assert not keys(bucket), "nothing is due yet"

    server.end()
    assert [key for key in keys(bucket) if not OBJECT_NAME.fullmatch(key)] == []
    assert len(keys(bucket)) == 1
    assert server.query(lake, count) == [{"hits": 20, "pages": 20}]


def test_a_bucket_that_comes_back_gets_what_it_missed(serve, bucket):
    lake = f"s3://{bucket.name}/lake"
    server = serve("--lake", lake, "--buffer-interval", "1")
    bucket.delete()
    assert server.get("/pixel.gif?site=s3.example&page=/").headers["x-beacon"] == "recorded"
    wait_until(lambda: "NoSuchBucket" in server.log.read_text() or "not found" in server.log.read_text().lower(),
               server.log.read_text)
    bucket.create()
    wait_until(lambda: len(keys(bucket)) == 1, server.log.read_text)
    assert server.query(lake, "SELECT count(*) AS hits FROM hits") == [{"hits": 1}]


def test_boto3_writes_hits_and_what_is_none_is_set_aside(serve, tmp_path):
    lake = tmp_path / "lake"
    server = serve("--lake", lake)
    firehose = client("firehose", f"http://127.0.0.1:{server.firehose_port}")
    assert firehose.describe_delivery_stream(DeliveryStreamName="hits")["DeliveryStreamDescription"]["DeliveryStreamStatus"] == "ACTIVE"
    good = [record(f"00000000-0000-7000-8000-{number:012}") for number in range(3)]
    answer = firehose.put_record_batch(DeliveryStreamName="hits", Records=[
        {"Data": good[0] + good[1]}, {"Data": b"not a hit\n"}, {"Data": good[2]}])
    assert answer["FailedPutCount"] == 0 and len(answer["RequestResponses"]) == 3
    count = "SELECT count(*) AS hits, count(DISTINCT hit_id) AS ids FROM hits"
    assert server.query(lake, count) == [{"hits": 3, "ids": 3}]

    with pytest.raises(botocore.exceptions.ClientError, match="ResourceNotFoundException"):
        firehose.put_record(DeliveryStreamName="missing", Record={"Data": good[0]})
    with pytest.raises(botocore.exceptions.ClientError, match="InvalidArgumentException"):
        firehose.put_record_batch(DeliveryStreamName="hits", Records=[{"Data": b"x" * 900_000}] * 5)

    server.end()
    errors = list((lake / "errors").rglob("*.gz"))
    assert len(errors) == 1, errors
    error = json.loads(gzip.decompress(errors[0].read_bytes()))
    assert base64.b64decode(error["rawData"]) == b"not a hit"
    assert error["lastErrorCode"] and error["lastErrorMessage"]


def keys(bucket):
    return sorted(item.key for item in bucket.objects.all())


def record(hit_id):
    return json.dumps({
        "hit_id": hit_id, "received_at": "2026-11-20 10:00:00.000", "site": "sdk.example", "host": "localhost",
        "path": "/pixel.gif", "event": "view", "format": "gif", "truncated": False, "query_string": "",
        "params": {"n": "1"}, "headers": {}, "version": "0.1.0",
    }).encode() + b"\n"
