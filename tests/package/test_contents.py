"""Checks what is in the package: files, man pages, completions and units."""

import gzip
import re
import subprocess

import pytest

PAGES = "/usr/share/man/man1"
COMPLETIONS = {
    "bash": "/usr/share/bash-completion/completions/beacon",
    "zsh": "/usr/share/zsh/vendor-completions/_beacon",
    "fish": "/usr/share/fish/vendor_completions.d/beacon.fish",
}


def commands(installed, *path):
    """Returns the commands that help lists, with those below them."""
    help_text = installed.run("beacon", *path, "--help")
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", help_text, re.MULTILINE)
    found = [path]
    for name in re.findall(r"^  ([a-z][a-z-]*)", listed[1], re.MULTILINE) if listed else []:
        if name != "help":
            found += commands(installed, *path, name)
    return found


def pages(installed):
    return {file.name.removesuffix(".1.gz"): gzip.decompress(file.read_bytes()).decode() for file in installed.path(PAGES).glob("beacon*")}


def test_control_names_the_dependencies_and_the_settings_file(package, installed):
    field = lambda name: subprocess.check_output(["dpkg-deb", "--field", package, name], text=True)
    depends = field("Depends")
    assert "libc6 (>= " in depends and "adduser" in depends
    assert "@" in field("Maintainer")
    assert installed.path("/var/lib/dpkg/info/beacon.conffiles").read_text().split() == ["/etc/default/beacon"]
    # Secrets may stand in it.
    assert installed.path("/etc/default/beacon").stat().st_mode & 0o777 == 0o640


def test_every_command_has_a_man_page(installed):
    expected = {"-".join(["beacon", *path]) for path in commands(installed)}
    assert len(expected) > 10
    assert set(pages(installed)) == expected


def test_the_man_pages_have_no_mistakes(installed, tmp_path):
    for name, text in pages(installed).items():
        page = tmp_path / f"{name}.1"
        page.write_text(text)
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
        # A page has no date, so that it is the same whenever it is built.
        found = [line for line in done.stdout.splitlines() if "missing date" not in line]
        assert found == [] and done.stderr == ""
        shown = subprocess.run(["mandoc", "-T", "utf8", page], capture_output=True, text=True, check=True).stdout
        assert name.upper() in re.sub(r".\x08", "", shown)


def test_the_linter_finds_mistakes(tmp_path):
    page = tmp_path / "wrong.1"
    page.write_text('.TH WRONG 1 "" "wrong" ""\n.SH NAME\nwrong\n.br\n\n.RE\n')
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
    assert "fill mode" in done.stdout or "skipping" in done.stdout


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_shells_read_the_completions(installed, shell):
    subprocess.run([shell, "-n", installed.path(COMPLETIONS[shell])], check=True)


def test_bash_completes_commands_and_not_the_hidden_one(installed):
    script = f"""
      source {installed.path(COMPLETIONS["bash"])}
      COMP_WORDS=(beacon "$1") COMP_CWORD=1
      _beacon beacon "$1" beacon
      echo "${{COMPREPLY[@]}}"
    """
    complete = lambda word: subprocess.check_output(["bash", "-c", script, "bash", word], text=True).split()
    assert complete("que") == ["query"]
    assert complete("sn") == ["snippet"]
    assert complete("gen") == []


@pytest.mark.parametrize("unit", ["beacon.service", "beacon.socket", "beacon-salts.service", "beacon-salts.timer"])
def test_systemd_accepts_the_units(installed, unit):
    # The exit code is 0 for an unknown key too.
    environment = {"PATH": "/usr/sbin:/usr/bin", "SYSTEMD_LOG_LEVEL": "info"}
    verify = ["chroot", installed.root, "systemd-analyze", "verify", "--man=no", f"/usr/lib/systemd/system/{unit}"]
    done = subprocess.run(verify, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    page = installed.unit(unit)["Documentation"].removeprefix("man:").removesuffix("(1)")
    assert page in pages(installed)


def test_the_service_starts_without_a_network(installed):
    # On a machine without one, network-online.target is reached after two minutes.
    unit = installed.path("/usr/lib/systemd/system/beacon.service").read_text()
    assert not re.search(r"^[A-Z]\w+=.*network-online", unit, re.MULTILINE)


def test_systemd_reports_an_unknown_key(installed, tmp_path):
    wrong = installed.path("/usr/lib/systemd/system/wrong.service")
    wrong.write_text("[Service]\nExecStart=/usr/bin/beacon serve\nProtectEverything=yes\n")
    try:
        verify = ["chroot", installed.root, "systemd-analyze", "verify", "--man=no", "/usr/lib/systemd/system/wrong.service"]
        assert "ProtectEverything" in subprocess.run(verify, capture_output=True, text=True).stderr
    finally:
        wrong.unlink()


@pytest.mark.parametrize("unit", ["beacon.service", "beacon-salts.service"])
def test_the_services_are_confined(installed, unit):
    installed.run("systemd-analyze", "security", "--offline=true", "--threshold=25", f"/usr/lib/systemd/system/{unit}")


def test_the_timer_begins_the_removal_at_midnight_utc_where_the_server_keeps_salts(installed):
    assert installed.unit("beacon-salts.timer")["OnCalendar"] == "*-*-* 00:00:00 UTC"
    server, removal = installed.unit("beacon.service"), installed.unit("beacon-salts.service")
    for key in ["User", "Group", "EnvironmentFile", "RuntimeDirectory", "RuntimeDirectoryMode", "RuntimeDirectoryPreserve"]:
        assert removal[key] == server[key], key
    assert server["RuntimeDirectoryPreserve"] == "yes"
