"""Completes and checks the values of a deploy's parameters."""

import fnmatch
import re
from pathlib import Path

import settings
from aws_cli import Stop

# The default of ForwardedHeaders in 0.1.0, whose function joined no headers.
FORWARDED_BEFORE_HINTS = ("x-beacon-host,CloudFront-Viewer-Address,CloudFront-Viewer-Country,User-Agent,Referer,Origin,"
                          "Accept-Language,DNT,Sec-GPC,Content-Type")

CATALOG = Path(__file__).resolve().parent / "catalog.yaml"


def effective(given, stack, parameter, default=""):
    """Returns a parameter's value after this deploy: a stack keeps what is not given."""
    return given.get(parameter, stack["parameters"].get(parameter, default) if stack else default)


def after(template, given, stack):
    """Returns the value of every parameter after this deploy."""
    return {name: effective(given, stack, name, parameter.get("Default", "")) for name, parameter in template.parameters.items()}


def named_values(pairs, template):
    """Returns NAME=VALUE pairs as a dictionary. Refuses unknown parameters, which SAM would silently drop."""
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Stop(f"{pair!r} is not NAME=VALUE")
        if name not in template.parameters:
            raise Stop(f"infra/{template.name} has no parameter {name!r}; it has {', '.join(template.parameters)}")
        values[name] = value
    return values


def refuse_values(template, given):
    """Refuses values that CloudFormation would refuse after the build, some minutes later."""
    for name, value in given.items():
        refused = template.refusal(name, value)
        if refused:
            raise Stop(refused)


def refuse_stack(template, given, stack):
    """Refuses values that the template's rules, or the programs at their start, would refuse."""
    refused = settings.stack_refusal(after(template, given, stack))
    if refused:
        raise Stop(refused)
    refuse_together(template, given, stack)


def refuse_together(template, given, stack):
    """Checks the rules between parameters. A rule about a value that the stack hides is left to CloudFormation."""
    hidden = set(template.parameters) - given.keys() - stack["parameters"].keys() if stack else set()
    refused = template.broken_rule(given | after(template, given, stack), but=hidden)
    if refused:
        raise Stop(refused)


def refuse_columns_without_table(columns):
    """Refuses custom columns that infra/catalog.yaml lacks: Firehose would silently drop their values."""
    for entry in filter(None, columns.split(",")):
        column = entry.partition("=")[0].strip()
        if not re.search(rf'\bName: "?{re.escape(column)}"?[,\s]', CATALOG.read_text()):
            raise Stop(f"Columns has {column!r}, but infra/catalog.yaml has no such column, and its values would be dropped: "
                       f"run `BEACON_COLUMNS={columns} beacon schema catalog > infra/catalog.yaml` first, or give the columns up by --parameter Columns=")


def one_side_only(side):
    return f"… would reach the {side} alone, and the two would no longer agree: --edge --rotate-secret gives both a new one"


def name_database(given, stack, name):
    """Names the database of a stack with capital letters: CloudFormation names it after the stack, but can't lower-case."""
    if stack is None and not given.get("Database") and name != name.lower():
        given["Database"] = name.lower().replace("-", "_")


def add_dashboard_key(given, stack, key):
    """Adds the key of a new dashboard. Its password must be given, because only the owner knows it."""
    was_on = stack is not None and stack["parameters"].get("Dashboard") == "on"
    if given.get("Dashboard") != "on" or was_on:
        return
    if not given.get("DashboardPasswordHash"):
        raise Stop("a dashboard needs a password: run `beacon dashboard-password` and give what it prints, in single quotes, by "
                   "--parameter DashboardPasswordHash='…'")
    given.setdefault("DashboardKey", key)


def edge_headers(template, edge_given, edge):
    """Returns the new default of ForwardedHeaders for an edge that still has the old one: CloudFormation keeps it otherwise."""
    if edge is None or "ForwardedHeaders" in edge_given or edge["parameters"].get("ForwardedHeaders") != FORWARDED_BEFORE_HINTS:
        return {}
    return {"ForwardedHeaders": template.parameters["ForwardedHeaders"]["Default"]}


def edge_paths(given, stack, edge_given, edge):
    """Returns TrackPath and ClientPath of the edge for the beacon's Paths. CloudFront answers other POSTs itself, and their hits are lost."""
    base = "/" + effective(given, stack, "BasePath") if effective(given, stack, "BasePath") else ""
    paths = [entry.partition("=")[::2] for entry in effective(given, stack, "Paths").split(",")]
    found = {}
    for parameter, kind, default in (("TrackPath", "track", "*/track"), ("ClientPath", "client", "*/beacon.js")):
        aliases = [path.strip() for path, kind_ in paths if kind_.strip() == kind]
        pattern = effective(edge_given, edge, parameter, default)
        # The template passes track itself in addition to TrackPath.
        patterns = (pattern, "*/track") if kind == "track" else (pattern,)
        if all(any(fnmatch.fnmatchcase(base + alias, each) for each in patterns) for alias in aliases):
            continue
        # `*/*` would match the edge's own directories too.
        if parameter not in edge_given and len(aliases) == 1 and aliases[0] != "/*":
            found[parameter] = f"*{aliases[0]}"
        elif kind == "track":
            raise Stop(f"Paths has {', '.join(f'{alias}=track' for alias in aliases)}, but the edge's TrackPath {pattern!r} does not fit every one, "
                       "and a POST to the others would be lost: keep one, or give a pattern that fits all by --edge-parameter TrackPath='/t*'")
    return found
