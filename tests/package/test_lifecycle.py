"""Installs, upgrades, removes and purges the package, each without a running systemd, and runs its service."""

import json
import re
import subprocess
import threading

import pytest
from conftest import FREE_PORTS, ROOT
from installation import Socket, owner


def totals(installation):
    """Returns the number of hits, by the command that docs/operations.md gives."""
    output = installation.as_service("beacon", "query", "--lake", "/var/lib/beacon/lake", "--output", "json", "totals")
    return json.loads(output)[0]["hits"]


def user_id(installation):
    return int(installation.run("id", "--user", "beacon"))


def test_the_service_runs_as_its_user_serves_a_hit_and_its_lake_answers_a_query(running):
    root, service, pixel = running
    with pixel.request("/hit?site=blog.example&page=/talks") as response:
        assert response.headers["x-beacon"] == "recorded"
    assert totals(root) == 1
    with open(f"/proc/{service.process.pid}/status") as status:
        fields = dict(line.split(":\t", 1) for line in status.read().splitlines() if ":\t" in line)
    assert set(fields["Uid"].split()) == {str(user_id(root))}
    assert fields["CapBnd"] == "0" * 16 and fields["NoNewPrivs"] == "1"
    with open(f"/proc/{service.process.pid}/limits") as limits:
        files = next(line for line in limits if line.startswith("Max open files"))
    assert files.split()[3] == root.unit("beacon.service")["LimitNOFILE"]
    # Systemd makes the directory; the key of the dashboard's sessions is in it and not in the lake.
    assert owner(root.path("/var/lib/beacon")) == (user_id(root), "0o700")
    assert owner(root.path("/var/lib/beacon/dashboard.key")) == (user_id(root), "0o600")
    assert "\x1b" not in service.log.read_text(), "the journal gets no colours"


def test_the_containers_health_check_asks_the_service(running):
    _, service, _ = running
    shown = re.search(r"CMD (\[\"bash\".*\])", (ROOT / "packaging/Containerfile").read_text())[1]
    check = lambda port: [part.replace("/9464", f"/{port}") for part in json.loads(shown)]
    assert subprocess.run(check(service.port("metrics"))).returncode == 0
    metrics = service.port("metrics")
    service.end()
    assert subprocess.run(check(metrics), stderr=subprocess.DEVNULL).returncode != 0


def test_the_settings_file_sets_the_dashboards_password(make_root, package, serve):
    root = make_root()
    root.install(package)
    digest = root.run("beacon", "dashboard-password", input="correct horse battery staple\n").strip()
    root.set_variables(BEACON_METRICS_LISTEN="127.0.0.1:0", BEACON_DASHBOARD_LISTEN="0.0.0.0:0",
                       BEACON_DASHBOARD_PASSWORD_HASH=f"'{digest}'")
    service, _ = serve(root)
    # Without a password, the server refuses an address that other machines reach.
    assert "dashboard" in service.listening


def test_an_upgrade_keeps_lake_and_settings_and_a_waiting_client_is_served(make_root, older_package, package, serve):
    root = make_root()
    root.install(older_package)
    root.set_variables(BEACON_SITES="blog.example", **FREE_PORTS)
    before = root.path("/etc/default/beacon").read_text()
    service, pixel = serve(root)
    pixel.request("/hit?site=blog.example&page=/before").close()
    key = root.path("/var/lib/beacon/dashboard.key").read_text()

    root.install(package)
    assert root.path("/etc/default/beacon").read_text() == before
    # A client that comes between the old server and the new one waits on the socket, which stays open.
    service.end()
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(pixel.request("/hit?site=blog.example&page=/between").status))
    waiting.start()
    serve(root, pixel)
    waiting.join()
    assert answers == [200]
    assert totals(root) == 2
    assert root.path("/var/lib/beacon/dashboard.key").read_text() == key


def test_an_upgrade_restarts_the_service_and_leaves_the_socket_open():
    upgrade = re.search(r'if \[ -n "\$2" \].*?else', (ROOT / "packaging/deb/postinst").read_text(), re.S)[0]
    assert "restart beacon.service" in upgrade and "beacon.socket" not in upgrade


def test_removing_keeps_hits_settings_and_user(with_a_hit, package):
    root = with_a_hit
    user = user_id(root)

    root.run("dpkg", "--remove", "beacon")
    assert not root.path("/usr/bin/beacon").exists()
    assert not root.path("/usr/lib/systemd/system/beacon.service").exists()
    assert root.path("/etc/default/beacon").exists()
    assert list(root.path("/var/lib/beacon/lake").rglob("*.parquet"))
    assert user_id(root) == user

    root.install(package)
    assert totals(root) == 1


def test_purging_removes_settings_and_key_and_keeps_hits(with_a_hit):
    root = with_a_hit
    output = root.run("dpkg", "--purge", "beacon")
    assert "rm -r /var/lib/beacon" in output
    assert not root.path("/etc/default/beacon").exists()
    assert not root.path("/var/lib/beacon/dashboard.key").exists()
    assert list(root.path("/var/lib/beacon/lake").rglob("*.parquet"))


def test_purging_without_hits_leaves_only_the_user(running):
    root, service, _ = running
    service.end()
    root.run("dpkg", "--purge", "beacon")
    left = [path for path in root.root.rglob("*beacon*") if not path.is_relative_to(root.path("/var/log"))]
    assert left == []


def test_purging_removes_the_key_of_a_lake_in_an_object_store(make_root, package):
    root = make_root()
    root.install(package)
    spool = root.path("/var/lib/beacon/spool")
    spool.mkdir(parents=True)
    for name in ["dashboard.key", "LOCK", "RESERVE"]:
        (spool / name).write_text("x")
    output = root.run("dpkg", "--purge", "beacon")
    assert "recorded hits" not in output
    assert not root.path("/var/lib/beacon").exists()


def test_the_salt_survives_a_restart_and_not_its_day(running, serve):
    root, service, pixel = running
    salts = lambda: {path: path.read_bytes() for path in root.path("/run/beacon").glob("salt-*")}
    pixel.request("/hit?site=blog.example").close()
    service.end()
    before = salts()
    service, _ = serve(root, pixel)
    pixel.request("/hit?site=blog.example").close()
    service.end()
    after = salts()
    # Midnight may lie between the two: then that of the first is gone.
    assert before and after and all(after.get(path, salt) == salt for path, salt in before.items())
    assert all(owner(path) == (user_id(root), "0o600") for path in after)
    ended = root.path("/run/beacon/salt-2026-01-01")
    next(iter(after)).rename(ended)
    unit = root.unit("beacon-salts.service")
    # The server doesn't start with these settings, and the removal works all the same.
    invalid = {"BEACON_SITEZ": "blog.example", "BEACON_LOG": "beacon=loud", "BEACON_LOG_FORMAT": "colours"}
    variables = {name: value for name, value in invalid.items() if name not in unit["UnsetEnvironment"].split()}
    variables["RUNTIME_DIRECTORY"] = f"/run/{unit['RuntimeDirectory']}"
    assignments = [f"{name}={value}" for name, value in variables.items()]
    removed = root.as_service("env", *assignments, *unit["ExecStart"].split())
    assert removed.startswith("removed ")
    assert not ended.exists()
    root.run("dpkg", "--remove", "beacon")
    assert not root.path("/run/beacon").exists()


@pytest.mark.parametrize("setting, directory", [
    ("/srv/salts", "/srv/salts"), ("'/srv/my salts'", "/srv/my salts"), ("salts", "/var/lib/beacon/salts"),
])
def test_removing_removes_the_salt_in_a_directory_that_the_settings_name(make_root, package, setting, directory):
    root = make_root()
    root.install(package)
    root.set_variables(BEACON_SALT_DIRECTORY="/srv/earlier")
    root.set_variables(BEACON_SALT_DIRECTORY=setting)
    salts, earlier = root.path(directory), root.path("/srv/earlier")
    kept = {"salt-2026-11-28.txt", "salt-", "README"}
    for folder in [salts, earlier]:
        folder.mkdir(parents=True)
        for name in ["salt-2026-11-28", "salt-2026-11-28.00aa.new", *kept]:
            (folder / name).write_text("x")
    root.run("dpkg", "--remove", "beacon")
    assert {path.name for path in salts.iterdir()} == kept
    assert (earlier / "salt-2026-11-28").exists(), "the last line counts"


def test_a_package_that_is_installed_again_has_no_masked_unit(make_root, package):
    root = make_root()
    root.install(package)
    units = root.path("/etc/systemd/system")
    masked = lambda: {path.name for path in units.glob("beacon*") if path.is_symlink() and str(path.readlink()) == "/dev/null"}
    assert masked() == set()
    root.run("dpkg", "--remove", "beacon")
    assert masked() == {"beacon.service", "beacon.socket", "beacon-salts.service", "beacon-salts.timer"}
    root.install(package)
    assert masked() == set()


def test_units_are_enabled_and_masked_by_the_scripts(make_root, package):
    root = make_root()
    root.install(package)
    wanted = root.path("/etc/systemd/system")
    assert (wanted / "multi-user.target.wants/beacon.service").is_symlink()
    assert (wanted / "sockets.target.wants/beacon.socket").is_symlink()
    assert (wanted / "timers.target.wants/beacon-salts.timer").is_symlink()
    # An administrator's choice survives an installation of the same package.
    root.run("systemctl", "disable", "beacon.service", "beacon.socket")
    root.install(package)
    assert not (wanted / "multi-user.target.wants/beacon.service").is_symlink()
    assert not (wanted / "sockets.target.wants/beacon.socket").is_symlink()
    root.run("dpkg", "--purge", "beacon")
    assert not list(wanted.rglob("beacon*"))


def test_the_socket_has_the_commands_default_address(installed):
    pixel = Socket(installed)
    assert pixel.name == "pixel"
    pixel.close()
