"""Fixtures: a running beacon, and a stand-in for a function URL."""

import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from serving import Serving, clean_environment  # noqa: E402

PATIENCE_SECONDS = 120


@pytest.fixture(scope="session")
def program():
    """Returns the `beacon` to test, which `run` names."""
    return os.environ["BEACON"]


@pytest.fixture
def make_beacon(program, tmp_path):
    """Starts `beacon serve` below /stats, behind one proxy, with the given variables; stops it after the test."""
    running = []

    def make(**variables):
        running.append(Beacon(program, tmp_path, variables))
        return running[-1]

    yield make
    for beacon in running:
        beacon.end()


class Beacon(Serving):
    def __init__(self, program, folder, variables):
        self.program, self.lake = program, folder / "lake"
        environment = clean_environment(**{"BEACON_BASE_PATH": "/stats", "BEACON_TRUST": "proxies=1"} | variables)
        super().__init__(program, ["--dashboard-listen", "off", "--lake", self.lake], folder / "serve.log", environment)

    @property
    def authority(self):
        return f"127.0.0.1:{self.port('pixel')}"

    def query(self, sql):
        done = subprocess.run([self.program, "query", "--lake", self.lake, "--output", "json", sql],
                              env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def function_url():
    """Stands in for AWS; records each request as (method, target, headers, body)."""
    requests = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Sends headers and body at once. Go's proxy may close the request's body between them, and then loses the answer's.
        wbufsize = -1

        def answer(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            requests.append((self.command, self.path, self.headers, body))
            self.send_response(200)
            self.send_header("content-length", "3")
            self.send_header("cache-control", "no-cache, no-store, must-revalidate, private, max-age=0")
            self.send_header("x-beacon", "recorded")
            self.end_headers()
            self.wfile.write(b"GIF")

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.requests = requests
    yield server
    server.shutdown()
