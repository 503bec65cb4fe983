"""A lake in a bucket, filled by the beacon's own delivery."""

import json
import urllib.request

from aws_services import client
from engines import PATIENCE_SECONDS, Beacon
from serving import Serving

DATA = "hits/"


class Lake:
    """A bucket, and the `beacon` that writes it as files of one format."""

    def __init__(self, program, aws, s3, name, form, folder, columns=""):
        self.name, self.form, self.folder, self.s3 = name, form, folder, s3
        self.aws, self.columns = aws, columns
        self.bucket = s3.create_bucket(Bucket=name)
        self.beacon = Beacon(program, aws, f"s3://{name}", folder / f"{name}-spool", columns)

    def replay(self, records_text):
        """Puts records into the hours in which they were received."""
        source = self.folder / f"{self.name}.ndjson"
        source.write_text(records_text)
        self.beacon.run("replay", "--lake", self.beacon.location, "--format", self.form, str(source))

    def serve(self):
        return Server(self)

    def keys(self, prefix=DATA):
        return sorted(item.key for item in self.bucket.objects.filter(Prefix=prefix))

    def folders(self):
        """Those of the hours that have files."""
        return sorted({key.rsplit("/", 1)[0] + "/" for key in self.keys()})

    def put(self, hour, file_name, content):
        """A file of another writer, in the folder of an hour such as 2026-02-01-09."""
        self.bucket.put_object(Key=f"{hour_folder(hour)}{file_name}", Body=content)

    def hour_keys(self, hour):
        return self.keys(hour_folder(hour))

    def move_hour(self, from_, to):
        """The files of an hour as they are, to the folder of another."""
        keys = self.hour_keys(from_)
        assert keys, from_
        for key in keys:
            self.bucket.copy({"Bucket": self.name, "Key": key}, f"{hour_folder(to)}{key.rsplit('/', 1)[1]}")
            self.bucket.Object(key).delete()


class Server(Serving):
    """`beacon serve` until the block ends; by then everything is in the bucket."""

    def __init__(self, lake):
        listeners = ["--dashboard-listen", "off", "--firehose-listen", "127.0.0.1:0"]
        super().__init__(lake.beacon.program, [*listeners, "--format", lake.form, *lake.beacon.lake()],
                         lake.folder / f"{lake.name}-serve.log", lake.beacon.environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def record(self, target, **headers):
        with self.get(target, **headers) as answer:
            assert answer.headers["x-beacon"] == "recorded", target

    def post(self, item):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port('pixel')}/track", data=json.dumps(item).encode(),
                                         headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            assert answer.status == 204, answer.read()

    def firehose(self):
        """The same delivery as Firehose's clients see it."""
        return client("firehose", f"http://127.0.0.1:{self.port('firehose')}")


def hour_folder(hour):
    year, month, day, hour = hour.split("-")
    return f"{DATA}year={year}/month={month}/day={day}/hour={hour}/"
