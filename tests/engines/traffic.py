"""What engines ask of S3, as its server logs it: the proof of which files they looked for and read."""

import logging
import re
from urllib.parse import parse_qsl, unquote

# Other answers than 200 are logged in colour.
REQUEST = re.compile(r'"(?:\x1b\[[0-9;]*m)*(GET|HEAD) (\S+) HTTP')


class Traffic(logging.Handler):
    """Keeps the requests made between `start` and now."""

    def __init__(self):
        super().__init__()
        self.targets = []
        logger = logging.getLogger("werkzeug")
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(self)

    def emit(self, record):
        found = REQUEST.search(record.getMessage())
        if found:
            self.targets.append(found[2])

    def start(self):
        self.targets.clear()

    def listed(self, bucket):
        """The folders that were listed."""
        return sorted({query["prefix"] for path, query in self.parts() if path == f"/{bucket}" and "prefix" in query})

    def read(self, bucket):
        """The objects of which something was read."""
        start = f"/{bucket}/"
        return sorted({path.removeprefix(start) for path, _ in self.parts() if path.startswith(start)})

    def parts(self):
        """Path and query of each request; with or without a `/` behind it a bucket is the same."""
        for target in list(self.targets):
            path, _, query = target.partition("?")
            yield unquote(path).rstrip("/"), dict(parse_qsl(query))
