"""Ports for programs that can't take port 0 and say which one they got."""

import socket


def hold_port():
    """Returns a socket that holds a free port of 127.0.0.1, which the system has chosen.

    As long as it is open, the system gives the port to nobody who asks for any free one. A server binds it all the same,
    because this socket doesn't listen and both have SO_REUSEADDR, which nginx, Apache, HAProxy, lighttpd, Caddy and
    Varnish set.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def port_of(held):
    return held.getsockname()[1]
