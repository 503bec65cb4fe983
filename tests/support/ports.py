"""Ports for programs that can't take port 0 and say which one they got."""

import random
import socket
from pathlib import Path

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
# Where there is no such file; the range of macOS begins higher.
FIRST_EPHEMERAL = 32768
FIRST = 10_000


def fixed_port():
    """A free port of 127.0.0.1 below those that the system hands out by itself, so that nobody gets it by chance
    between this call and the program's own bind."""
    ephemeral = int(RANGE.read_text().split()[0]) if RANGE.exists() else FIRST_EPHEMERAL
    candidates = list(range(FIRST, max(ephemeral, FIRST + 1000)))
    for port in random.sample(candidates, 100):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no port from {FIRST} to {candidates[-1]} is free")
