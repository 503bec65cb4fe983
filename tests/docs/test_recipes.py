"""Runs the recipes of docs/recipes.md, each with its program."""

import html
import http.server
import re
import subprocess
import threading
from urllib.parse import quote

import pytest

from conftest import ROOT
from serving import clean_environment

TEXT = (ROOT / "docs/recipes.md").read_text()
ENDPOINT = "https://b.blog.example"
SCRIPT = '<script defer src="https://b.blog.example/beacon.js" data-site="blog.example"></script>'


def recipe(name):
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```\n<!-- /{name} -->", TEXT, re.DOTALL)
    assert found, f"docs/recipes.md has no recipe {name}"
    return found[1]


def test_every_recipe_is_tried():
    assert set(re.findall(r"<!-- (\w[\w-]*) -->", TEXT)) == {"wordpress", "hugo", "jekyll", "tag-manager", "amp"}


def test_the_script_is_the_one_that_the_command_prints(program):
    printed = run([program, "snippet", "page", "--site", "blog.example", "--endpoint", ENDPOINT])
    assert SCRIPT in printed
    for name in ("wordpress", "hugo", "jekyll"):
        assert SCRIPT in recipe(name), name


@pytest.mark.parametrize("logged_in, expected", [("false", SCRIPT), ("true", "")])
def test_wordpress_prints_the_script_for_readers_only(logged_in, expected, tmp_path):
    page = tmp_path / "page.php"
    page.write_text(f"""<?php
$actions = [];
function add_action($name, $call) {{ global $actions; $actions[$name][] = $call; }}
function is_user_logged_in() {{ return {logged_in}; }}
{recipe("wordpress")}
foreach ($actions['wp_footer'] as $call) {{ $call(); }}
""")
    assert run(["php", page]) == expected


def test_hugo_counts_the_page_by_its_own_address(tmp_path, make_beacon):
    site = tmp_path / "site"
    write(site, {
        "config.toml": 'baseURL = "https://blog.example/blog/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n',
        "content/talks & more.md": "---\ntitle: Talks\n---\nText.\n",
        "layouts/_default/baseof.html": '<body>{{ .Content }}{{ partial "beacon.html" . }}</body>',
        "layouts/_default/single.html": '{{ define "main" }}{{ end }}',
        "layouts/partials/beacon.html": recipe("hugo"),
    })
    run(["hugo", "--quiet", "--destination", "public"], site)
    (page,) = (site / "public").glob("talks*/index.html")
    check_noscript(page.read_text(), make_beacon, f"/blog/{page.parent.name}/")
    run(["hugo", "--quiet", "--destination", "drafts", "--environment", "development"], site)
    (draft,) = (site / "drafts").glob("talks*/index.html")
    assert "b.blog.example" not in draft.read_text()


def test_jekyll_counts_the_page_by_its_own_address(tmp_path, make_beacon):
    site = tmp_path / "site"
    write(site, {
        "_config.yml": "url: https://blog.example\nbaseurl: /blog\n",
        "_includes/beacon.html": recipe("jekyll"),
        "_layouts/page.html": "<body>{{ content }}{% include beacon.html %}</body>",
        "talks & more.md": "---\nlayout: page\npermalink: /talks/one/\n---\nText.\n",
    })
    run(["jekyll", "build", "--quiet", "--disable-disk-cache"], site, JEKYLL_ENV="production")
    check_noscript((site / "_site/talks/one/index.html").read_text(), make_beacon, "/blog/talks/one/")
    run(["jekyll", "build", "--quiet", "--disable-disk-cache"], site)
    assert "b.blog.example" not in (site / "_site/talks/one/index.html").read_text()


def test_a_tag_manager_loads_the_script_with_its_site(make_beacon, tmp_path):
    beacon = make_beacon(BEACON_BASE_PATH="")
    tag = recipe("tag-manager").replace(ENDPOINT, f"http://b.blog.example:{beacon.port('pixel')}")
    with Pages({"/talks": f"<title>Talks</title><body>{tag}"}) as port:
        run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--host-resolver-rules=MAP *.example 127.0.0.1", f"--user-data-dir={tmp_path / 'profile'}", "--timeout=10000",
             "--dump-dom", f"http://blog.example:{port}/talks"])
    assert beacon.query("SELECT site, page, title, format FROM hits") == [
        {"site": "blog.example", "page": "/talks", "title": "Talks", "format": "post"}]


def test_amp_fills_in_page_title_and_referrer(make_beacon):
    address = image_of(recipe("amp"))
    for name, value in [("CANONICAL_URL", "https://blog.example/talks?x=1"), ("TITLE", "Talks & more"), ("DOCUMENT_REFERRER", "https://news.example/")]:
        assert name in address
        address = address.replace(name, quote(value, safe=""))
    beacon = make_beacon(BEACON_BASE_PATH="")
    assert beacon.get(address.removeprefix(ENDPOINT)).headers["x-beacon"] == "recorded"
    (row,) = beacon.query("SELECT site, page, title, referrer_host FROM hits")
    assert row == {"site": "blog.example", "page": "/talks", "title": "Talks & more", "referrer_host": "news.example"}


class Pages:
    """A web server with these pages, and its port."""

    def __init__(self, pages):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server.server_port

    def __exit__(self, *_):
        self.server.shutdown()


def check_noscript(page, make_beacon, expected):
    assert SCRIPT in page
    beacon = make_beacon(BEACON_BASE_PATH="")
    assert beacon.get(image_of(page).removeprefix(ENDPOINT)).headers["x-beacon"] == "recorded"
    assert beacon.query("SELECT site, page FROM hits") == [{"site": "blog.example", "page": expected}]


def image_of(text):
    return html.unescape(re.search(rf'src="({ENDPOINT}/pixel\.gif[^"]*)"', text)[1])


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(command, folder=None, **variables):
    done = subprocess.run([str(part) for part in command], cwd=folder, env=clean_environment(**variables), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout
