"""Files that our delivery does not write, and a lake can hold all the same."""

import datetime
import gzip
import io
import json

import pyarrow
import pyarrow.orc
import pyarrow.parquet

TEXT_MAP = pyarrow.map_(pyarrow.string(), pyarrow.string())


def columns(ddl_columns):
    """Arrow's columns for those of a Glue table."""
    kinds = {"string": pyarrow.string(), "timestamp": pyarrow.timestamp("ms"), "boolean": pyarrow.bool_(),
             "map<string,string>": TEXT_MAP}
    return pyarrow.schema([(column["Name"], kinds[column["Type"]]) for column in ddl_columns])


def firehose_parquet(records, schema):
    """As Firehose's conversion writes it: INT96 timestamps, `key_value` maps, Snappy, pages of version 1."""
    file = io.BytesIO()
    pyarrow.parquet.write_table(table(records, schema), file, use_deprecated_int96_timestamps=True, version="1.0",
                                compression="snappy", data_page_version="1.0", store_schema=False)
    return file.getvalue()


def parquet(records, schema, **options):
    file = io.BytesIO()
    pyarrow.parquet.write_table(table(records, schema), file, **options)
    return file.getvalue()


def orc(records, schema):
    file = io.BytesIO()
    pyarrow.orc.write_table(table(records, schema), file, compression="snappy")
    return file.getvalue()


def json_lines(records):
    return gzip.compress("".join(json.dumps(one) + "\n" for one in records).encode())


def table(records, schema):
    rows = [{name: arrow_value(name, value) for name, value in record.items()} for record in records]
    return pyarrow.Table.from_pylist(rows, schema)


def arrow_value(name, value):
    if name == "received_at":
        return datetime.datetime.fromisoformat(value)
    return list(value.items()) if isinstance(value, dict) else value
