"""A running `beacon serve`: none of the caller's settings, and the addresses that it says in its log."""

import json
import os
import signal
import subprocess
import time
import urllib.request

PATIENCE_SECONDS = 120

# Requests are a person's unless a test says otherwise: what a library asks for counts as a machine's.
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def clean_environment(**variables):
    """The caller's environment without `BEACON_…` and `AWS_…`: who uses beacon sets them, and a suite must not test
    their configuration instead of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BEACON_", "AWS_"))}
    return inherited | variables


class Serving:
    """Starts `program serve` with these arguments, and waits until it listens. Each listener takes a free port."""

    def __init__(self, program, arguments, log, environment=None):
        self.log = log
        self.environment = environment if environment is not None else clean_environment()
        command = [program, "serve", "--log-format", "json", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]
        with open(log, "a") as output:
            begin = output.tell()
            self.process = subprocess.Popen([str(part) for part in [*command, *arguments]], env=self.environment, stderr=output)
        self.listening = self._wait_for("the beacon is listening", begin)

    def port(self, listener):
        """That of `pixel`, `metrics`, `dashboard` or `firehose`."""
        return int(self.listening[listener].removeprefix("http://").split("/")[0].rsplit(":", 1)[1])

    def get(self, target, listener="pixel", **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port(listener)}{target}", headers={"User-Agent": FIREFOX} | headers)
        return urllib.request.urlopen(request, timeout=PATIENCE_SECONDS)

    def _wait_for(self, message, begin):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            lines = self.log.read_text()[begin:].splitlines()
            for line in lines:
                if message in line and (event := json.loads(line))["message"] == message:
                    return event
            assert self.process.poll() is None and time.monotonic() < deadline, "\n".join(lines)
            time.sleep(0.02)

    def end(self):
        """Shuts it down gracefully: everything that was accepted is delivered."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(timeout=PATIENCE_SECONDS) == 0, self.log.read_text()
