"""The dashboard's API from outside, and the server of one machine that has it."""

import json
import time
import urllib.error
import urllib.request

from serving import Serving

PATIENCE_SECONDS = 120


class Api:
    """What a page does, over `send`."""

    def call(self, method, path, body=None, status=200):
        """The JSON of an answer with that status."""
        got, _, content = self.send(method, path, body)
        assert got == status, content
        return json.loads(content) if content else None

    def submit(self, **ask):
        return self.call("POST", "/api/queries", ask, 202)["id"]

    def wait(self, query_id):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self.call("GET", f"/api/queries/{query_id}?wait_ms=5000")
            if answer["state"] not in ("queued", "running"):
                return answer
        raise AssertionError(f"{answer} after {PATIENCE_SECONDS} s")

    def ask(self, **ask):
        return self.wait(self.submit(**ask))


class Local(Api):
    """`beacon serve` over a lake."""

    def __init__(self, lake, columns):
        arguments = ["--dashboard-listen", "127.0.0.1:0", "--format", lake.form, *lake.beacon.lake()]
        self.server = Serving(lake.beacon.program, arguments, lake.folder / "local-dashboard.log",
                              lake.beacon.environment | {"BEACON_COLUMNS": columns})

    def send(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port('dashboard')}{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={} if body is None else {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def end(self):
        self.server.end()
