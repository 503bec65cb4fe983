"""Runs the recipes of docs/own-host.md, each in a typical site of its proxy.

Recipes for `beacon serve` use a real one, and the tests read the results from its lake.
"""

import http.client
import json
import re
import socket
import time
import tomllib

import pytest

import proxies
from conftest import PATIENCE_SECONDS
from proxies import RECIPES, Running, recipe
from serving import FIREFOX

ORIGIN = "abcdefghijklmnop.lambda-url.eu-west-1.on.aws"
ALL = [proxies.nginx, proxies.caddy, proxies.apache, proxies.haproxy, proxies.lighttpd, proxies.varnish]
# Proxies with a recipe for AWS, to which they speak TLS.
TO_AWS = [proxies.nginx, proxies.caddy, proxies.apache]
LEAVING = 900

# Headers of a browser, and of a site's log-in.
HEADERS = {
    "Host": "blog.example", "X-Forwarded-For": "192.0.2.66", "Referer": "https://blog.example/talks?x=1",
    "User-Agent": FIREFOX, "Sec-GPC": "1", "Cookie": "session=secret", "Authorization": "Basic c2VjcmV0",
}

each = pytest.mark.parametrize("proxy", ALL, ids=lambda proxy: proxy.__name__)


def test_every_recipe_is_tried():
    names = set(re.findall(r"<!-- (\w[\w-]*) -->", RECIPES))
    assert names == {proxy.__name__ for proxy in ALL} | {f"{proxy.__name__}-aws" for proxy in TO_AWS}


@each
def test_every_path_of_the_beacon_is_recorded_in_a_usual_site(proxy, make_beacon, tmp_path):
    beacon = make_beacon(BEACON_PRIVACY="full")
    with running(proxy, tmp_path, beacon) as port:
        for path in ("pixel.gif", "pixel.png", "pixel.css", "pixel.js", "hit"):
            for _ in range(2):
                status, headers, _ = ask(port, "GET", f"/stats/{path}?page=%2Fa%20b&x=1+2&x=3")
                assert (status, headers["x-beacon"]) == (200, "recorded"), path
                assert "no-store" in headers["cache-control"] and "max-age=0" in headers["cache-control"], path
                assert "immutable" not in headers["cache-control"] and headers["expires"] == "0", path
        status, _, _ = ask(port, "POST", "/stats/track", b'{"url":"https://blog.example/posted"}', {"Content-Type": "text/plain"})
        assert status == 204
        status, headers, script = ask(port, "GET", "/stats/beacon.js")
        assert status == 200 and "javascript" in headers["content-type"] and script
        # The recipe leaves the site unchanged.
        assert ask(port, "GET", "/talks")[2].startswith(b"the site")

    asked = beacon.query("SELECT path, count(*) AS hits, min(ip) AS ip, max(ip) AS last, min(host) AS host, "
                         "min(query_string) AS query FROM hits GROUP BY path ORDER BY path")
    assert [(row["path"], row["hits"]) for row in asked] == [
        ("/stats/hit", 2), ("/stats/pixel.css", 2), ("/stats/pixel.gif", 2), ("/stats/pixel.js", 2), ("/stats/pixel.png", 2),
        ("/stats/track", 1)]
    for row in asked:
        # The visitor's real address only, without the one that the visitor claims; and the requested host.
        assert (row["ip"], row["last"], row["host"]) == ("127.0.0.1", "127.0.0.1", "blog.example"), row
    assert asked[2]["query"] == "page=%2Fa%20b&x=1+2&x=3"


@each
def test_credentials_of_the_site_stay_with_it(proxy, make_beacon, tmp_path):
    beacon = make_beacon(BEACON_PRIVACY="full", BEACON_KEEP_HEADERS="cookie,authorization")
    with running(proxy, tmp_path, beacon) as port:
        assert ask(port, "GET", "/stats/pixel.gif?page=/x")[1]["x-beacon"] == "recorded"
    (row,) = beacon.query("SELECT headers FROM hits")
    kept = row["headers"]
    assert "cookie" not in kept and "authorization" not in kept, kept
    for header in ("Referer", "User-Agent", "Sec-GPC"):
        assert kept[header.lower()] == HEADERS[header]


@each
def test_visitors_who_leave_at_once_are_counted(proxy, make_beacon, tmp_path):
    """Sends the whole request and closes, like short timeouts, closed tabs and `fsockopen; fwrite; fclose`."""
    beacon = make_beacon()
    with running(proxy, tmp_path, beacon) as port:
        for number in range(LEAVING):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as visitor:
                visitor.sendall(f"GET /stats/pixel.gif?page=/{number} HTTP/1.1\r\nHost: blog.example\r\n\r\n".encode())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := beacon.query("SELECT count(DISTINCT page) AS hits FROM hits")[0]["hits"]) < LEAVING:
            assert time.monotonic() < deadline, f"{found} of {LEAVING} are recorded"
            time.sleep(0.2)


@pytest.mark.parametrize("proxy", TO_AWS, ids=lambda proxy: proxy.__name__)
def test_a_function_url_gets_its_own_host_and_no_credentials(proxy, function_url, tmp_path):
    text = recipe(f"{proxy.__name__}-aws")
    host = f"127.0.0.1:{function_url.server_port}"
    with Running(proxy, tmp_path, text.replace(f"https://{ORIGIN}", f"http://{host}")) as port:
        status, headers, body = ask(port, "GET", "/stats/pixel.gif?page=%2Fa%20b&x=1+2&x=3")
        assert (status, body, headers["x-beacon"]) == (200, b"GIF", "recorded")
        assert "no-store" in headers["cache-control"] and "immutable" not in headers["cache-control"]
        ask(port, "POST", "/stats/track", b'{"url":"https://blog.example/"}', {"Content-Type": "text/plain"})

    (method, target, seen, _), (post, post_target, post_seen, body) = function_url.requests
    assert (method, target) == ("GET", "/stats/pixel.gif?page=%2Fa%20b&x=1+2&x=3")
    assert (post, post_target, body) == ("POST", "/stats/track", b'{"url":"https://blog.example/"}')
    assert post_seen["content-type"] == "text/plain"
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert "cookie" not in seen and "authorization" not in seen
    for header in ("Referer", "User-Agent", "Sec-GPC"):
        assert seen[header] == HEADERS[header]
    # A function URL refuses any other host. If the recipe takes it from the address, it is the stand-in's here.
    assert seen["host"] == (ORIGIN if ORIGIN in text.replace(f"https://{ORIGIN}", "") else host)


def test_the_recipes_of_hosted_proxies_are_well_formed():
    (netlify,) = tomllib.loads(re.search(r"```toml\n(.*?)```", RECIPES, re.DOTALL)[1])["redirects"]
    assert (netlify["from"], netlify["to"], netlify["status"]) == ("/stats/*", f"https://{ORIGIN}/stats/:splat", 200)
    (vercel,) = json.loads(re.search(r"```json\n(.*?)```", RECIPES, re.DOTALL)[1])["rewrites"]
    assert vercel == {"source": "/stats/:path*", "destination": f"https://{ORIGIN}/stats/:path*"}


def running(proxy, folder, beacon):
    text = recipe(proxy.__name__)
    host, port = "127.0.0.1", str(beacon.port("pixel"))
    assert "8080" in text
    return Running(proxy, folder, text.replace("8080", port).replace("localhost", host))


def ask(port, method, target, body=None, headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request(method, target, body=body, headers=HEADERS | dict(headers))
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content
