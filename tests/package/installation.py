"""A root directory in which the package is installed, and its service as systemd would start it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from serving import FIREFOX

PATIENCE_SECONDS = 120

# As systemd starts a service: in its directory, as its user, without privileges, with none of the caller's variables, and
# with its socket as descriptor 3. `sh` keeps its process id through all of it, so $$ is that of the service.
START = """
exec 3<&"$SOCKET"
ulimit -n "$OPEN_FILES"
exec chroot "$ROOT" /usr/bin/setpriv --reuid="$USER" --regid="$GROUP" --init-groups --no-new-privs \\
  --bounding-set=-all /usr/bin/env --ignore-environment --chdir="$DIRECTORY" LISTEN_PID=$$ "$@"
"""


class Unit(dict):
    """The keys of a unit file, each with its last value; `Environment` has all of them."""

    def __init__(self, path):
        self.environment = {}
        for line in path.read_text().splitlines():
            name, separator, value = line.partition("=")
            if not separator or line.startswith("#"):
                continue
            self[name] = value
            if name == "Environment":
                self.environment.update([value.split("=", 1)])


class Installation:
    """A root directory without a running systemd."""

    def __init__(self, archive, folder):
        self.root = folder
        subprocess.run(["tar", "--extract", "--file", archive, "--directory", folder], check=True)

    def path(self, absolute):
        return self.root / absolute.lstrip("/")

    def run(self, *command, **options):
        """Runs a command in the root, which must succeed; returns its output."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["chroot", self.root, *map(str, command)], env=environment, capture_output=True, text=True, **options)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def install(self, package):
        """Installs the package with dpkg, which also fails if it needs what is not there."""
        copy = self.root / "package.deb"
        shutil.copy(package, copy)
        try:
            return self.run("dpkg", "--install", "/package.deb")
        finally:
            copy.unlink()

    def unit(self, name):
        return Unit(self.path(f"/usr/lib/systemd/system/{name}"))

    def variables(self):
        """Returns the service's variables: those of its unit, then those of its settings file."""
        unit = self.unit("beacon.service")
        variables = dict(unit.environment)
        for line in self.path(unit["EnvironmentFile"].removeprefix("-")).read_text().splitlines():
            name, separator, value = line.partition("=")
            if separator and not line.startswith("#"):
                variables[name] = value.strip("'")
        return variables

    def set_variables(self, **variables):
        """Adds lines to the settings file, as an administrator does."""
        with open(self.path("/etc/default/beacon"), "a") as file:
            file.writelines(f"{name}={value}\n" for name, value in variables.items())

    def as_service(self, *command):
        """Runs a command as the service's user, in its directory."""
        unit = self.unit("beacon.service")
        return self.run("setpriv", f"--reuid={unit['User']}", f"--regid={unit['Group']}", "--init-groups", "env",
                        f"--chdir={unit['WorkingDirectory']}", *command)


class Socket:
    """What beacon.socket keeps open; on a free port instead of its own, which may be taken."""

    def __init__(self, installation):
        unit = installation.unit("beacon.socket")
        host, _, port = unit["ListenStream"].rpartition(":")
        assert (host, port) == ("127.0.0.1", "8080"), "the command's default"
        self.name = unit["FileDescriptorName"]
        self.listening = socket.create_server((host, 0), backlog=int(unit["Backlog"]))
        self.port = self.listening.getsockname()[1]

    def request(self, target):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{target}", headers={"User-Agent": FIREFOX})
        return urllib.request.urlopen(request, timeout=PATIENCE_SECONDS)

    def close(self):
        self.listening.close()


class Service:
    """The unit's own command line, started as systemd would start it."""

    def __init__(self, installation, pixel, log):
        unit = installation.unit("beacon.service")
        for setting, parent in {"StateDirectory": "/var/lib", "RuntimeDirectory": "/run"}.items():
            directory = installation.path(f"{parent}/{unit[setting]}")
            directory.mkdir(exist_ok=True)
            directory.chmod(int(unit[f"{setting}Mode"], 8))
            installation.run("chown", f"{unit['User']}:{unit['Group']}", f"{parent}/{unit[setting]}")
        variables = installation.variables() | {
            "LISTEN_FDS": "1",
            "LISTEN_FDNAMES": pixel.name,
            "STATE_DIRECTORY": f"/var/lib/{unit['StateDirectory']}",
            "RUNTIME_DIRECTORY": f"/run/{unit['RuntimeDirectory']}",
        }
        descriptor = pixel.listening.fileno()
        start = os.environ | {
            "SOCKET": str(descriptor), "ROOT": str(installation.root), "USER": unit["User"], "GROUP": unit["Group"],
            "DIRECTORY": unit["WorkingDirectory"], "OPEN_FILES": unit["LimitNOFILE"],
        }
        command = [*(f"{name}={value}" for name, value in variables.items()), *unit["ExecStart"].split()]
        self.log = log
        self.runtime_directory = installation.path(f"/run/{unit['RuntimeDirectory']}")
        self.keeps_runtime_directory = unit["RuntimeDirectoryPreserve"] == "yes"
        with open(log, "a") as output:
            begin = output.tell()
            self.process = subprocess.Popen(["bash", "-c", START, "service", *command], env=start, stderr=output, pass_fds=[descriptor])
        self.listening = self._wait_for("the beacon is listening", begin)

    def _wait_for(self, message, begin):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            text = self.log.read_bytes()[begin:].decode()
            for line in text.splitlines():
                if message in line:
                    return line
            assert self.process.poll() is None and time.monotonic() < deadline, text
            time.sleep(0.02)

    def port(self, listener):
        return int(re.search(rf"{listener}=\"?http://127\.0\.0\.1:(\d+)", self.listening)[1])

    def end(self):
        """Ends it as systemd does before it starts the next one."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(timeout=PATIENCE_SECONDS) == 0, self.log.read_text()
            if not self.keeps_runtime_directory:
                shutil.rmtree(self.runtime_directory)


def owner(path):
    """Returns user id and mode of a file."""
    status = Path(path).stat()
    return status.st_uid, oct(status.st_mode & 0o7777)
