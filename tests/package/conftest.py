"""Fixtures: the package, built from BEACON by `run`, and root directories to install it in."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from installation import Installation, Service, Socket  # noqa: E402

BUILT = Path(os.environ["PACKAGE_BUILT"])
# The default ports of metrics and dashboard may be taken.
FREE_PORTS = {"BEACON_METRICS_LISTEN": "127.0.0.1:0", "BEACON_DASHBOARD_LISTEN": "127.0.0.1:0"}


@pytest.fixture(scope="session")
def package():
    """Returns the package of this version."""
    return BUILT / "beacon.deb"


@pytest.fixture(scope="session")
def older_package():
    """Returns the same package as an older version."""
    return BUILT / "beacon-older.deb"


@pytest.fixture
def make_root(tmp_path):
    """Makes root directories with the essential packages of the machine's own distribution, and adduser and systemd."""

    def make(name="root"):
        folder = tmp_path / name
        folder.mkdir()
        return Installation(BUILT / "root.tar", folder)

    return make


@pytest.fixture(scope="session")
def installed(tmp_path_factory, package):
    """Returns an installation that tests only read."""
    root = Installation(BUILT / "root.tar", tmp_path_factory.mktemp("installed"))
    root.install(package)
    return root


@pytest.fixture
def serve(tmp_path):
    """Starts the service of an installation on its socket; ends both after the test."""
    running = []

    def start(installation, pixel=None):
        pixel = pixel or Socket(installation)
        running.append((Service(installation, pixel, tmp_path / "journal"), pixel))
        return running[-1]

    yield start
    for service, pixel in running:
        service.end()
        pixel.close()


@pytest.fixture
def running(make_root, package, serve):
    """Returns an installation, its running service and its socket."""
    root = make_root()
    root.install(package)
    root.set_variables(**FREE_PORTS)
    return root, *serve(root)


@pytest.fixture
def with_a_hit(running):
    """Returns an installation whose service has recorded a hit and ended."""
    root, service, pixel = running
    pixel.request("/hit?site=blog.example").close()
    service.end()
    return root
