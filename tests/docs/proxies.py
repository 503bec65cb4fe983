"""Proxies, each with a typical site into which a recipe of docs/own-host.md is pasted.

Each site serves files below `www`, has long-lived caching rules for images, scripts and style sheets by their
extensions, sends everything that is not a file to its front controller `/index.html`, and compresses. Each of these
rules would match the beacon's paths if a recipe did not prevent it.
"""

import getpass
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from ports import hold_port, port_of

PATIENCE_SECONDS = 120
ROOT = Path(__file__).resolve().parents[2]
APACHE_MODULES = "/usr/lib/apache2/modules"
SYSTEM_PATH = f"{os.environ['PATH']}:/usr/sbin"
RECIPES = (ROOT / "docs/own-host.md").read_text()


def recipe(name):
    """Returns the fenced block between <!-- name --> and <!-- /name -->."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```\n<!-- /{name} -->", RECIPES, re.DOTALL)
    assert found, f"docs/own-host.md has no recipe {name}"
    return found[1]


def indented(text, by):
    return "".join(f"{by}{line}" if line.strip() else line for line in text.splitlines(True))


def nginx(folder, port, recipe):
    temporary = "\n".join(f"  {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = folder / "nginx.conf"
    config.write_text(f"""daemon off;
pid {folder}/pid;
error_log {folder}/log;
user {getpass.getuser()};
events {{ worker_connections 4096; }}
http {{
  access_log off;
{temporary}
  types {{ text/html html; image/gif gif; application/javascript js; text/css css; }}
  gzip on;
  gzip_types *;
  gzip_min_length 1;
  proxy_cache_path {folder}/cache keys_zone=site:1m;
  proxy_cache site;
  proxy_cache_valid any 1h;
  server {{
    listen 127.0.0.1:{port};
    server_name blog.example;
    root {folder}/www;
    index index.html;
    expires 1h;
    location / {{
      try_files $uri $uri/ /index.html;
    }}
    location ~* \\.(gif|png|css|js)$ {{
      expires 30d;
      add_header Cache-Control "public, immutable";
      try_files $uri =404;
    }}
    location ~ /\\. {{ deny all; }}
{indented(recipe, "    ")}
  }}
}}
""")
    return [shutil.which("nginx", path=SYSTEM_PATH), "-c", config, "-e", folder / "log"]


def caddy(folder, port, recipe):
    config = folder / "Caddyfile"
    config.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + recipe
                      .replace("blog.example {", f"http://blog.example:{port} {{")
                      .replace("root * /srv/blog", f"root * {folder}/www"))
    return ["caddy", "run", "--config", config, "--adapter", "caddyfile"]


def apache(folder, port, recipe):
    modules = "".join(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n" for name in (
        "mpm_event", "authz_core", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl", "dir", "mime", "rewrite",
        "expires", "deflate", "filter"))
    # WordPress and most frameworks write these rules.
    (folder / "www/.htaccess").write_text("""RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.html [L]
<FilesMatch "\\.(gif|png|css|js)$">
  Header set Cache-Control "public, max-age=2592000"
</FilesMatch>
""")
    config = folder / "apache.conf"
    config.write_text(f"""{modules}ServerName blog.example
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
DefaultRuntimeDir {folder}
Mutex file:{folder}
TypesConfig /dev/null
AddType image/gif .gif
AddType application/javascript .js
AddType text/css .css
DocumentRoot {folder}/www
<Directory {folder}/www>
  AllowOverride All
  Require all granted
</Directory>
DirectoryIndex index.html
ExpiresActive On
ExpiresDefault "access plus 30 days"
AddOutputFilterByType DEFLATE text/html text/css application/javascript
RewriteEngine On
RewriteCond %{{REQUEST_METHOD}} !^(GET|HEAD|POST)$
RewriteRule ^ - [F]
{recipe}""")
    return ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", config]


def haproxy(folder, port, recipe):
    front, _, back = recipe.partition("\nbackend ")
    config = folder / "haproxy.cfg"
    config.write_text(f"""global
  maxconn 4000
defaults
  mode http
  timeout connect 10s
  timeout client 30s
  timeout server 30s
frontend site
  bind 127.0.0.1:{port}
  option forwardfor
  compression algo gzip
{indented(front, "  ")}
  acl static path_end .gif .png .css .js
  use_backend files if static
  default_backend site
backend {back}
backend files
  http-request return status 404 content-type text/plain string "no such file"
backend site
  http-request return status 200 content-type text/html string "the site"
""")
    return [shutil.which("haproxy", path=SYSTEM_PATH), "-f", config, "-db"]


def lighttpd(folder, port, recipe):
    config = folder / "lighttpd.conf"
    config.write_text(f"""server.modules = ( "mod_access", "mod_rewrite", "mod_setenv", "mod_expire", "mod_proxy", "mod_deflate" )
server.port = {port}
server.bind = "127.0.0.1"
server.document-root = "{folder}/www"
server.errorlog = "{folder}/log"
server.pid-file = "{folder}/pid"
server.upload-dirs = ( "{folder}" )
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html", ".gif" => "image/gif", ".js" => "application/javascript", ".css" => "text/css" )
deflate.mimetypes = ( "text/", "application/javascript" )
expire.url = ( "" => "access plus 30 days" )
url.rewrite-if-not-file = ( "" => "/index.html" )
{recipe}""")
    return [shutil.which("lighttpd", path=SYSTEM_PATH), "-D", "-f", config]


def varnish(folder, port, recipe):
    config = folder / "site.vcl"
    config.write_text(f"""vcl 4.1;
backend default none;
{recipe}
sub vcl_recv {{
  # A common rule: static files have no cookies and long cache times.
  if (req.url ~ "\\.(gif|png|css|js)(\\?.*)?$") {{
    unset req.http.Cookie;
    return (hash);
  }}
  return (synth(200));
}}
sub vcl_synth {{
  synthetic("the site");
  return (deliver);
}}
sub vcl_backend_response {{
  if (bereq.url ~ "\\.(gif|png|css|js)(\\?.*)?$") {{
    set beresp.ttl = 30d;
    set beresp.http.Cache-Control = "public, max-age=2592000";
  }}
}}
""")
    return [shutil.which("varnishd", path=SYSTEM_PATH), "-F", "-a", f"127.0.0.1:{port}", "-f", config, "-n", folder / "varnish",
            "-p", "vcc_allow_inline_c=off", "-s", "malloc,32m", "-T", "none", "-j", "none"]


class Running:
    """A proxy with a recipe in its site, and its port; it runs until the block ends."""

    def __init__(self, proxy, folder, recipe):
        self.held, self.log = hold_port(), folder / "output"
        self.port = port_of(self.held)
        (folder / "www").mkdir()
        (folder / "www/index.html").write_text("the site")
        (folder / "www/logo.gif").write_text("a file of the site")
        command = [str(part) for part in proxy(folder, self.port, recipe)]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": SYSTEM_PATH, "HOME": str(folder)})

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
        self.held.close()
