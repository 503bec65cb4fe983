"""The recipes of docs/own-host.md, each in the proxy it is for, in front of a server that writes down what arrives."""

import http.client
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import tomllib

import pytest

from conftest import PATIENCE_SECONDS, ROOT

ORIGIN = "abcdefghijklmnop.lambda-url.eu-west-1.on.aws"
MODULES = "/usr/lib/apache2/modules"


@pytest.fixture
def upstream():
    """In the beacon's place; keeps each request as (method, target, headers, body)."""
    requests = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

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


def nginx(folder, port, recipe):
    config = folder / "nginx.conf"
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config.write_text(f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
                      f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; server_name blog.example;\n{recipe}\n}} }}\n")
    return [shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"), "-c", config, "-e", folder / "log"]


def caddy(folder, port, recipe):
    config = folder / "Caddyfile"
    config.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + recipe.replace("blog.example {", f"http://blog.example:{port} {{"))
    return ["caddy", "run", "--config", config, "--adapter", "caddyfile"]


def apache(folder, port, recipe):
    config = folder / "apache.conf"
    modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
                      for name in ("mpm_event", "authz_core", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl"))
    config.write_text(f"{modules}ServerName blog.example\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\nErrorLog {folder}/log\n"
                      f"DefaultRuntimeDir {folder}\nMutex file:{folder}\n{recipe}")
    return ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", config]


@pytest.mark.parametrize("proxy, name", [(proxy, proxy.__name__ + kind) for proxy in (nginx, caddy, apache) for kind in ("", "-aws")],
                         ids=lambda value: value if isinstance(value, str) else "")
def test_a_proxy_hands_over_what_the_beacon_reads(proxy, name, upstream, tmp_path):
    recipe = recipe_of(name)
    host = f"127.0.0.1:{upstream.server_port}"
    recipe = recipe.replace("127.0.0.1:8080", host).replace(f"https://{ORIGIN}", f"http://{host}")
    with listening(proxy, tmp_path, recipe) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        headers = {"Host": "blog.example", "X-Forwarded-For": "192.0.2.66", "Referer": "https://blog.example/talks?x=1", "User-Agent": "a browser", "Sec-GPC": "1"}
        connection.request("GET", "/stats/pixel.gif?page=%2Fa%20b&x=1+2&x=3", headers=headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read(), answer.getheader("x-beacon")) == (200, b"GIF", "recorded")
        assert "no-store" in answer.getheader("cache-control")
        connection.request("POST", "/stats/track", body=b'{"url":"https://blog.example/"}', headers=headers | {"Content-Type": "text/plain"})
        assert connection.getresponse().read() == b"GIF"

    (method, target, seen, _), (post, post_target, post_seen, body) = upstream.requests
    assert (method, target) == ("GET", "/stats/pixel.gif?page=%2Fa%20b&x=1+2&x=3")
    assert (post, post_target, body) == ("POST", "/stats/track", b'{"url":"https://blog.example/"}')
    assert post_seen["content-type"] == "text/plain"
    # The visitor's address alone: what a visitor sends is gone.
    assert seen["x-forwarded-for"] == "127.0.0.1"
    for header in ("Referer", "User-Agent", "Sec-GPC"):
        assert seen[header] == headers[header]
    if not name.endswith("-aws"):
        # nginx's $host has no port; the visitor's Host had none either.
        assert seen["host"] == "blog.example"
    elif ORIGIN in recipe:
        assert seen["host"] == ORIGIN
    else:
        assert seen["host"] == host


def test_the_recipes_of_hosted_proxies_are_well_formed():
    text = (ROOT / "docs/own-host.md").read_text()
    (netlify,) = tomllib.loads(re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1])["redirects"]
    assert (netlify["from"], netlify["to"], netlify["status"]) == ("/stats/*", f"https://{ORIGIN}/stats/:splat", 200)
    (vercel,) = json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])["rewrites"]
    assert vercel == {"source": "/stats/:path*", "destination": f"https://{ORIGIN}/stats/:path*"}


def recipe_of(name):
    """The fenced block between <!-- name --> and <!-- /name -->."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```\n<!-- /{name} -->", (ROOT / "docs/own-host.md").read_text(), re.DOTALL)
    assert found, f"docs/own-host.md has no recipe {name}"
    return found[1]


class listening:
    """A running proxy, and its port."""

    def __init__(self, proxy, folder, recipe):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "output"
        command = [str(part) for part in proxy(folder, self.port, recipe)]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"], "HOME": str(folder)})

    def __enter__(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self.port
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_SECONDS)
