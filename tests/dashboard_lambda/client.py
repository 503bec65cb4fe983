"""The dashboard's API from outside: the same calls to the function and to `beacon serve`."""

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


class Dashboard(Api):
    """The function."""

    def __init__(self, function):
        self.function, self.cookie, self.share, self.key = function, "", None, None

    def log_in(self, password):
        status, _, cookies, content = self.function.request(
            "POST", "/api/session", headers={"content-type": "application/json"},
            body=json.dumps({"password": password}).encode())
        assert status == 204, content
        self.cookie = cookies[0].split(";")[0]

    def send(self, method, path, body=None):
        path, _, query = path.partition("?")
        headers = {"cookie": self.cookie}
        if self.share:
            headers = {"x-beacon-share": self.share}
        if self.key:
            headers = {"authorization": f"Bearer {self.key}"}
        if body is not None:
            headers["content-type"], body = "application/json", json.dumps(body).encode()
        status, headers, _, content = self.function.request(method, path, query, headers, body)
        return status, headers, content

    def shared(self, token):
        """The same function, seen through a share link."""
        other = Dashboard(self.function)
        other.share = token
        return other

    def keyed(self, key):
        """The same function, called by a program with a key."""
        other = Dashboard(self.function)
        other.key = key
        return other


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
