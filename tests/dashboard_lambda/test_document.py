"""The document of keys and share links as an object of moto's S3, which compares versions as S3 does: what the functions
and the command make of it, also at the same time."""

import json
import os
import subprocess
import threading

import pytest
from conftest import DOCUMENTS

KEY = "dashboard/document.json"
YEAR_MS = 365 * 24 * 60 * 60 * 1000


@pytest.fixture(autouse=True)
def empty(s3, start_function):
    """No document, and a bucket for it."""
    s3.Bucket(DOCUMENTS).create()
    s3.Object(DOCUMENTS, KEY).delete()


@pytest.fixture
def start(start_function, aws):
    """Starts a function, which has read nothing yet."""
    return lambda: start_function(aws["AWS_ENDPOINT_URL"], "calls", "tp_hits")


@pytest.fixture
def command(program, aws):
    """Runs the command over the document, and returns what it prints."""
    def run(*arguments, fails=False):
        done = subprocess.run([program, *arguments, "--document", f"s3://{DOCUMENTS}"], capture_output=True, text=True,
                              env={"PATH": os.environ["PATH"], "HOME": "/nowhere", **aws}, timeout=120)
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else done.stdout
    return run


def stored(s3):
    return json.loads(s3.Object(DOCUMENTS, KEY).get()["Body"].read())


def names(function):
    return sorted(key["name"] for key in function.call("GET", "/api/keys")["keys"])


def test_a_key_of_one_function_opens_another_and_its_secret_is_nowhere(start, s3):
    one, other = start(), start()
    assert names(one) == []
    made = one.call("POST", "/api/keys", {"name": "Grafana"}, 201)
    assert other.keyed(made["key"]).call("GET", "/api/about")["access"] == {"kind": "key", "site": None, "until_ms": None}
    document = stored(s3)
    assert [key["name"] for key in document["keys"]] == ["Grafana"]
    assert made["key"][7:] not in json.dumps(document)
    one.call("DELETE", f"/api/keys/{made['id']}", status=204)
    one.keyed(made["key"]).call("GET", "/api/about", status=401)
    # One that starts now sees it too; the other, which has just read the document, within a minute.
    start().keyed(made["key"]).call("GET", "/api/about", status=401)


def test_the_command_makes_lists_and_revokes_what_the_function_takes(start, command, s3):
    function = start()
    key = command("key", "new", "--name", "From the shell", "--site", "blog.example").strip()
    access = function.keyed(key).call("GET", "/api/about")["access"]
    assert access == {"kind": "key", "site": "blog.example", "until_ms": None}
    heading, line = command("key", "list").splitlines()
    assert heading.split() == ["id", "name", "site", "key", "made"]
    assert "From the shell" in line and f"beacon_…{key[-4:]}" in line and key not in line
    command("key", "revoke", line.split()[0])
    assert stored(s3)["keys"] == []
    start().keyed(key).call("GET", "/api/about", status=401)
    assert "there is no key" in command("key", "revoke", line.split()[0], fails=True)


def test_functions_and_commands_at_the_same_time_lose_nothing(start, command):
    functions = [start(), start()]
    wrong = []

    def of_function(number):
        try:
            for round in range(8):
                functions[number].call("POST", "/api/keys", {"name": f"f{number} {round}"}, 201)
        except BaseException as error:
            wrong.append(error)

    def of_command():
        try:
            for round in range(4):
                command("key", "new", "--name", f"c {round}")
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=of_function, args=[number]) for number in range(2)]
    threads.append(threading.Thread(target=of_command))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    expected = [f"f{number} {round}" for number in range(2) for round in range(8)] + [f"c {round}" for round in range(4)]
    assert names(start()) == sorted(expected)


@pytest.mark.parametrize("text", [b"{\"version\": 2}", b"{\"version\": 1, \"keys\""])
def test_a_damaged_or_newer_document_is_named_and_left_alone(start, command, s3, text):
    s3.Object(DOCUMENTS, KEY).put(Body=text)
    function = start()
    refused = function.call("POST", "/api/keys", {"name": "a"}, 500)
    assert f"s3://{DOCUMENTS}/{KEY} can't be used: it" in refused["detail"]
    # The owner's page goes on without it.
    about = function.call("GET", "/api/about")
    assert f"s3://{DOCUMENTS}/{KEY} can't be used: it" in about["document_problem"]
    assert (about["goals"], about["saved"]) == ([], [])
    assert "can't be checked" in function.keyed("beacon_" + "A" * 43).call("GET", "/api/about", status=503)["detail"]
    assert f"s3://{DOCUMENTS}/{KEY} can't be used: it" in command("key", "new", "--name", "a", fails=True)
    assert s3.Object(DOCUMENTS, KEY).get()["Body"].read() == text


def test_a_bucket_that_is_not_there_is_named(start, command, s3):
    s3.Object(DOCUMENTS, KEY).delete()
    s3.Bucket(DOCUMENTS).delete()
    function = start()
    assert "S3 refuses GetObject: NoSuchBucket" in function.call("GET", "/api/keys", status=503)["detail"]
    assert "S3 refuses GetObject: NoSuchBucket" in function.call("GET", "/api/about")["document_problem"]
    assert "S3 refuses GetObject: NoSuchBucket" in command("key", "list", fails=True)


def test_an_empty_object_is_an_empty_document(start, s3):
    # So a function begins that may read and write this object alone, to which S3 doesn't say whether there is one.
    s3.Object(DOCUMENTS, KEY).put(Body=b"")
    function = start()
    assert names(function) == []
    function.call("POST", "/api/keys", {"name": "a"}, 201)
    assert names(start()) == ["a"]


def test_a_link_with_a_password_opens_on_any_function(start, command):
    one, other = start(), start()
    ends = 1_000 * int(subprocess.check_output(["date", "+%s"])) + YEAR_MS
    made = one.call("POST", "/api/shares", {"site": "blog.example", "name": "Ada", "until_ms": ends, "password": "correct staple"}, 201)
    assert other.shared(made["token"]).call("GET", "/api/about", status=401)["detail"] == "password required"
    opened = other.call("POST", "/api/share-login", {"token": made["token"], "password": "correct staple"})["token"]
    assert one.shared(opened).call("GET", "/api/about")["access"]["site"] == "blog.example"
    assert "Ada" in command("share", "list")
    command("share", "revoke", made["id"])
    start().shared(opened).call("GET", "/api/about", status=401)
