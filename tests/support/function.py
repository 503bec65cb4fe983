"""Lambda's Runtime API for one function, and the events of a function URL."""

import base64
import json
import os
import queue
import subprocess
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aws_services import CREDENTIALS, REGION

PATIENCE_SECONDS = 120
PREFIX = "/2018-06-01/runtime/invocation/"
# What Lambda sets for every function.
LAMBDA = {
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_REGION": REGION,
    **CREDENTIALS,
}


class Function:
    """The running program, and what invokes it."""

    def __init__(self, program, variables):
        self.events, self.answers = queue.Queue(), {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        environment = LAMBDA | variables | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_port}"}
        self.process = subprocess.Popen([program], env={"PATH": os.environ["PATH"]} | environment)

    def invoke(self, event):
        """The function's answer to an event, as it posted it."""
        request_id, answered = str(uuid.uuid4()), queue.Queue()
        self.answers[request_id] = answered
        self.events.put((request_id, event))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the function has ended; its log says why"
            try:
                kind, answer = answered.get(timeout=0.5)
            except queue.Empty:
                continue
            assert kind == "response", answer
            return answer
        raise AssertionError(f"no answer to {event['rawPath']} after {PATIENCE_SECONDS} s")

    def request(self, method, path, query="", headers=None, body=None):
        """Status, headers, cookies and body of what a function URL would send back."""
        answer = self.invoke({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "cookies": (headers or {}).pop("cookie", "").split("; "),
            "headers": {"host": "abc.lambda-url.us-east-1.on.aws", "x-forwarded-proto": "https"} | (headers or {}),
            "requestContext": {"domainName": "abc.lambda-url.us-east-1.on.aws", "stage": "$default",
                               "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"}},
            "isBase64Encoded": body is not None, **({"body": base64.b64encode(body).decode()} if body is not None else {}),
        })
        content = answer.get("body") or ""
        content = base64.b64decode(content) if answer["isBase64Encoded"] else content.encode()
        return answer["statusCode"], answer["headers"], answer["cookies"], content

    def end(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE_SECONDS)
        self.server.shutdown()


def handler(function):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            assert self.path == f"{PREFIX}next", self.path
            request_id, event = function.events.get()
            self.answer(200, json.dumps(event).encode(), {
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": "9999999999999",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:function",
            })

        def do_POST(self):
            request_id, kind = self.path.removeprefix(PREFIX).split("/")
            posted = self.rfile.read(int(self.headers["Content-Length"]) if "Content-Length" in self.headers else 0)
            if self.headers.get("Transfer-Encoding") == "chunked":
                posted = self.chunks()
            function.answers.pop(request_id).put((kind, json.loads(posted)))
            self.answer(202, b"", {})

        def chunks(self):
            read = b""
            while size := int(self.rfile.readline(), 16):
                read += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return read

        def answer(self, status, body, headers):
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
