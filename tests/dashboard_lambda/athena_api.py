"""Athena's calls, with Trino behind them: the statement runs with the parameters exactly as they were sent."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trino.exceptions

from engines import literal

# https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
MAX_PARAMETER_CHARACTERS = 1024
MAX_PAGE_ROWS = 1000


class Refused(Exception):
    """What Athena answers with 400."""


class Execution:
    def __init__(self, call, sent):
        self.id, self.call, self.sent = str(uuid.uuid4()), call, sent
        self.state, self.reason, self.header, self.types, self.rows = "RUNNING", None, [], [], []


class AthenaApi:
    """A server that knows one work group."""

    def __init__(self, engine, work_group):
        self.engine, self.work_group = engine, work_group
        self.executions, self.calls = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()

    def start_query_execution(self, call):
        if call["WorkGroup"] != self.work_group or call["QueryExecutionContext"]["Catalog"] != "AwsDataCatalog":
            raise Refused(f"WorkGroup {call['WorkGroup']} is not found")
        for parameter in call["ExecutionParameters"]:
            if not 1 <= len(parameter) <= MAX_PARAMETER_CHARACTERS:
                raise Refused(f"a parameter has {len(parameter)} characters")
        execution = Execution(call, call["ExecutionParameters"])
        self.executions[execution.id] = execution
        threading.Thread(target=self.run, args=(execution,), daemon=True).start()
        return {"QueryExecutionId": execution.id}

    def run(self, execution):
        call = execution.call
        # Athena puts the parameters there as they are: whoever sends them has quoted them.
        statement = f"EXECUTE IMMEDIATE {literal(call['QueryString'])} USING {', '.join(call['ExecutionParameters'])}"
        try:
            answer = self.engine.run(statement, self.engine.connect(call["QueryExecutionContext"]["Database"]))
        except trino.exceptions.TrinoQueryError as error:
            self.finish(execution, "FAILED", f"{error.error_name}: {error.message}")
            return
        execution.header = answer.names
        # `timestamp(3)` is plain `timestamp` in Athena's metadata.
        execution.types = [kind.split("(")[0] for _, kind in answer.columns]
        execution.rows = answer.rows
        self.finish(execution, "SUCCEEDED")

    def finish(self, execution, state, reason=None):
        """Unless it was stopped before."""
        if execution.state == "RUNNING":
            execution.state, execution.reason = state, reason

    def execution(self, call):
        if call["QueryExecutionId"] not in self.executions:
            raise Refused(f"QueryExecution {call['QueryExecutionId']} was not found")
        return self.executions[call["QueryExecutionId"]]

    def get_query_execution(self, call):
        execution = self.execution(call)
        status = {"State": execution.state} | ({"StateChangeReason": execution.reason} if execution.reason else {})
        return {"QueryExecution": {
            "QueryExecutionId": execution.id, "Query": execution.call["QueryString"], "StatementType": "DML",
            "ExecutionParameters": execution.sent, "WorkGroup": execution.call["WorkGroup"], "Status": status,
            "Statistics": {"DataScannedInBytes": 4096, "TotalExecutionTimeInMillis": 1500,
                           "ResultReuseInformation": {"ReusedPreviousResult": False}}}}

    def get_query_results(self, call):
        execution = self.execution(call)
        if execution.state != "SUCCEEDED":
            raise Refused(f"Query has not yet finished. Current state: {execution.state}")
        if call.get("MaxResults", MAX_PAGE_ROWS) > MAX_PAGE_ROWS:
            raise Refused("MaxResults is more than maximum allowed length 1000")
        rows = [execution.header, *execution.rows]
        start = int(call.get("NextToken", "0"))
        end = start + call.get("MaxResults", MAX_PAGE_ROWS)
        page = {"ResultSet": {
            "Rows": [{"Data": [datum(value) for value in row]} for row in rows[start:end]],
            "ResultSetMetadata": {"ColumnInfo": [
                {"Name": name, "Type": kind} for name, kind in zip(execution.header, execution.types)]}}}
        return page | ({"NextToken": str(end)} if end < len(rows) else {})

    def stop_query_execution(self, call):
        execution = self.execution(call)
        if execution.state == "RUNNING":
            execution.state = "CANCELLED"
        return {}


def datum(value):
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"VarCharValue": str(value).lower()}
    return {"VarCharValue": str(value)}


OPERATIONS = {
    "StartQueryExecution": AthenaApi.start_query_execution,
    "GetQueryExecution": AthenaApi.get_query_execution,
    "GetQueryResults": AthenaApi.get_query_results,
    "StopQueryExecution": AthenaApi.stop_query_execution,
}


def handler(api):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            operation = self.headers["X-Amz-Target"].removeprefix("AmazonAthena.")
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            api.calls.append((operation, call))
            try:
                status, answer = 200, OPERATIONS[operation](api, call)
            except Refused as refused:
                status, answer = 400, {"__type": "InvalidRequestException", "Message": str(refused)}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
