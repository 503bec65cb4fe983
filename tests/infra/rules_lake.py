"""Stream, table, crawler and workgroup: what the services refuse or misunderstand, and cfn-lint lets pass."""

import json
import re

from prefix import PrefixError, check_error_prefix, check_prefix

# Least buffer of a converting stream.
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
MIN_CONVERTED_MIB = 64
MAX_BUFFER_MIB = 128
MAX_INTERVAL_SECONDS = 900
# https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html
MIN_SCAN_CUTOFF_BYTES = 10_000_000

HIVE = "org.apache.hadoop.hive.ql.io."
# Input format, output format and SerDe of each classification.
CLASSES = {
    "parquet": (
        HIVE + "parquet.MapredParquetInputFormat",
        HIVE + "parquet.MapredParquetOutputFormat",
        HIVE + "parquet.serde.ParquetHiveSerDe",
    ),
    "orc": (HIVE + "orc.OrcInputFormat", HIVE + "orc.OrcOutputFormat", HIVE + "orc.OrcSerde"),
    "json": (
        "org.apache.hadoop.mapred.TextInputFormat",
        HIVE + "HiveIgnoreKeyTextOutputFormat",
        "org.openx.data.jsonserde.JsonSerDe",
    ),
}
# The values of each key and the digits in which Firehose writes it; any four digits are a year.
PROJECTED = {"month": ("1,12", "2"), "day": ("1,31", "2"), "hour": ("0,23", "2")}


def streams(stack):
    for name, stream in stack.of_type("AWS::KinesisFirehose::DeliveryStream").items():
        destination = stream["Properties"]["ExtendedS3DestinationConfiguration"]
        for problem in [
            *_prefixes(destination),
            *_buffer(destination),
            *_format(destination),
        ]:
            yield f"{name}: {problem}"
        if destination.get("CloudWatchLoggingOptions", {}).get("Enabled") is not True:
            yield f"{name}: delivery errors are not logged; enable CloudWatchLoggingOptions"


def _prefixes(destination):
    prefix, error_prefix = destination.get("Prefix", ""), destination.get("ErrorOutputPrefix", "")
    for setting, text, check in (
        ("Prefix", prefix, check_prefix),
        ("ErrorOutputPrefix", error_prefix, check_error_prefix),
    ):
        try:
            check(text)
        except PrefixError as error:
            yield f"{setting} {text!r} cannot be used: {error}"
        if not text.endswith("/"):
            yield f"{setting} {text!r} does not end with /, so the file's name runs into it"
    if "!{timestamp:" not in prefix:
        yield f"Prefix {prefix!r} has no time, so yyyy/MM/dd/HH/ is appended, which is no partition"
    if error_prefix.split("/")[0] == prefix.split("/")[0]:
        yield f"ErrorOutputPrefix {error_prefix!r} lies in the table's folder, where its objects become rows"


def _buffer(destination):
    hints = destination.get("BufferingHints", {})
    if hints.keys() != {"IntervalInSeconds", "SizeInMBs"}:
        yield "BufferingHints needs both IntervalInSeconds and SizeInMBs"
        return
    seconds, size_mib = int(hints["IntervalInSeconds"]), int(hints["SizeInMBs"])
    if not 0 <= seconds <= MAX_INTERVAL_SECONDS:
        yield f"IntervalInSeconds is {seconds}: 0 to {MAX_INTERVAL_SECONDS} is allowed"
    least = MIN_CONVERTED_MIB if _converts(destination) else 1
    if not least <= size_mib <= MAX_BUFFER_MIB:
        yield f"SizeInMBs is {size_mib}: {least} to {MAX_BUFFER_MIB} is allowed"


def _converts(destination):
    conversion = destination.get("DataFormatConversionConfiguration")
    return conversion is not None and conversion.get("Enabled", True) is not False


def _format(destination):
    compression = destination.get("CompressionFormat", "UNCOMPRESSED")
    if not _converts(destination):
        if compression != "GZIP":
            yield f"CompressionFormat is {compression}: without conversion Athena reads GZIP"
        if not str(destination.get("FileExtension", "")).endswith(".gz"):
            yield "FileExtension does not end with .gz, by which Athena knows GZIP"
        return
    if compression != "UNCOMPRESSED":
        yield f"CompressionFormat is {compression}: a converting stream takes only UNCOMPRESSED, the serializer compresses"
    conversion = destination["DataFormatConversionConfiguration"]
    deserializers = conversion.get("InputFormatConfiguration", {}).get("Deserializer", {})
    if len(deserializers) != 1:
        yield f"Deserializer has {len(deserializers)} formats: exactly one is allowed"
    if deserializers.get("OpenXJsonSerDe", {}).get("CaseInsensitive") is not False:
        yield "OpenXJsonSerDe.CaseInsensitive is not false: keys inside maps would be lower-cased, and collide"
    serializers = conversion.get("OutputFormatConfiguration", {}).get("Serializer", {})
    if len(serializers) != 1:
        yield f"Serializer has {len(serializers)} formats: exactly one is allowed"
    for setting in ("RoleARN", "DatabaseName", "TableName"):
        if not conversion.get("SchemaConfiguration", {}).get(setting):
            yield f"SchemaConfiguration has no {setting}"


def tables(stack):
    for name, table in stack.of_type("AWS::Glue::Table").items():
        table = table["Properties"]["TableInput"]
        if table["TableType"] == "EXTERNAL_TABLE":
            for problem in [*_columns(table), *_classes(table), *_projection(table)]:
                yield f"{name}: {problem}"


def _columns(table):
    storage = table["StorageDescriptor"]
    if not re.fullmatch(r"s3://[^/]+/(.+/)?", storage["Location"]):
        yield f"Location {storage['Location']!r} is no folder of a bucket; end it with /"
    if "PartitionKeys" not in table:
        yield "has no PartitionKeys"
    names = [column["Name"] for column in storage["Columns"] + table.get("PartitionKeys", [])]
    for column in sorted({column for column in names if names.count(column) > 1}):
        yield f"the column {column} is there twice; a partition key is no column of the files"
    for column in names:
        if not re.fullmatch("[a-z_][a-z0-9_]*", column):
            yield f"the column {column} needs quotes somewhere"


def _classes(table):
    storage, classification = table["StorageDescriptor"], table["Parameters"].get("classification")
    if classification not in CLASSES:
        yield f"classification is {classification}: there are {', '.join(CLASSES)}"
        return
    serde = storage["SerdeInfo"]
    classes = (storage["InputFormat"], storage["OutputFormat"], serde["SerializationLibrary"])
    if classes != CLASSES[classification]:
        yield f"{', '.join(classes)} do not read {classification}"
    if classification == "json" and serde["Parameters"].get("case.insensitive") != "FALSE":
        yield "case.insensitive is not FALSE: keys inside maps would be lower-cased, and collide"


def _projection(table):
    parameters = table["Parameters"]
    if parameters.get("projection.enabled") != "true":
        for left in sorted(key for key in parameters if key.startswith(("projection.", "storage.location."))):
            yield f"{left} is set without projection.enabled: Athena would not read registered partitions"
        return
    keys = [key["Name"] for key in table["PartitionKeys"]]
    for key in keys:
        yield from _projected_key(key, parameters)
    template = parameters.get("storage.location.template", "")
    for key in keys:
        if f"{key}=${{{key}}}" not in template:
            yield f"storage.location.template has no {key}=${{{key}}}"
    if not template.endswith("/"):
        yield f"storage.location.template {template!r} does not end with /"
    if not template.startswith(table["StorageDescriptor"]["Location"]):
        yield f"storage.location.template {template!r} lies outside the table's Location"


def _projected_key(key, parameters):
    kind = parameters.get(f"projection.{key}.type")
    if kind != "integer":
        yield f"projection.{key}.type is {kind}: set integer, with which a predicate on a number works"
    values = parameters.get(f"projection.{key}.range")
    expected_values, expected_digits = PROJECTED.get(key, (None, None))
    if expected_values is None:
        years = re.fullmatch(r"(\d{4}),(\d{4})", values or "")
        if years is None or years[1] > years[2]:
            yield f"projection.{key}.range is {values}: write two years, the first one first"
        return
    if values != expected_values:
        yield f"projection.{key}.range is {values}: set {expected_values}"
    digits = parameters.get(f"projection.{key}.digits")
    if digits != expected_digits:
        yield f"projection.{key}.digits is {digits}: set {expected_digits}, because the folders are {key}=01 and so on"


def crawlers(stack):
    projected = [
        table["Properties"]["TableInput"]["Name"]
        for table in stack.of_type("AWS::Glue::Table").values()
        if table["Properties"]["TableInput"].get("Parameters", {}).get("projection.enabled") == "true"
    ]
    for name, crawler in stack.of_type("AWS::Glue::Crawler").items():
        for problem in _crawler(crawler["Properties"]):
            yield f"{name}: {problem}"
        for target in crawler["Properties"]["Targets"].get("CatalogTargets", []):
            for table in target["Tables"]:
                if table in projected:
                    yield f"{name}: {table} has projection: Athena does not read what a crawler registers"


def _crawler(crawler):
    if list(crawler["Targets"]) != ["CatalogTargets"]:
        yield f"Targets are {', '.join(crawler['Targets'])}: only of CatalogTargets does the table stay ours"
    policy = crawler.get("SchemaChangePolicy", {})
    for behavior in ("UpdateBehavior", "DeleteBehavior"):
        if policy.get(behavior) != "LOG":
            yield f"{behavior} is {policy.get(behavior)}: set LOG, or the crawler changes our columns"
    try:
        configuration = json.loads(crawler.get("Configuration", ""))
    except ValueError as error:
        yield f"Configuration is no JSON: {error}"
        return
    partitions = configuration.get("CrawlerOutput", {}).get("Partitions", {}).get("AddOrUpdateBehavior")
    if partitions != "InheritFromTable":
        yield f"Configuration: partitions are {partitions}: set InheritFromTable, or they keep the columns of their day"
    schedule = crawler.get("Schedule", {}).get("ScheduleExpression")
    if schedule is not None and not re.fullmatch(r"cron\((\S+ ){5}\S+\)", schedule):
        yield f"ScheduleExpression {schedule!r} is not cron(…) of six fields"


def work_groups(stack):
    for name, group in stack.of_type("AWS::Athena::WorkGroup").items():
        configuration = group["Properties"]["WorkGroupConfiguration"]
        if configuration.get("EnforceWorkGroupConfiguration") is not True:
            yield f"{name}: EnforceWorkGroupConfiguration is not true, so a client can leave the limit out"
        cutoff_bytes = int(configuration.get("BytesScannedCutoffPerQuery", 0))
        if cutoff_bytes < MIN_SCAN_CUTOFF_BYTES:
            yield f"{name}: BytesScannedCutoffPerQuery is {cutoff_bytes}: at least {MIN_SCAN_CUTOFF_BYTES} is allowed"
        if not configuration.get("ResultConfiguration", {}).get("OutputLocation", "").endswith("/"):
            yield f"{name}: OutputLocation does not end with /"
