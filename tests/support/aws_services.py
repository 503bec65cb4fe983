"""S3, Glue, Athena and other services of AWS as moto answers for them, on a free port of loopback."""

import contextlib

import boto3
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
# Those of AWS's documentation; moto takes any.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}


@contextlib.contextmanager
def aws_services():
    """Yields the variables that point every AWS client at the services, which end with the block."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield CREDENTIALS | {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
    finally:
        server.stop()


def client(service, endpoint):
    """Returns boto3's client of a service at `endpoint`."""
    return boto3.client(service, **options(endpoint))


def resource(service, endpoint):
    """Returns boto3's resource of a service at `endpoint`."""
    return boto3.resource(service, **options(endpoint))


def options(endpoint):
    return {"endpoint_url": endpoint, "region_name": REGION, "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"]}
