"""The dashboard's function, called as a page calls it."""

import json

from local_dashboard import Api


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
