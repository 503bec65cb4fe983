"""The combinations of parameters that the tests resolve the template with."""

import itertools
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DOMAIN = {
    "DomainName": "b.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "HostedZoneId": "Z0123456789",
}
# Everything that is off by default.
EVERYTHING = {
    "BasePath": "stats",
    "TablePrefix": "tp_",
    "ReservedConcurrency": 10,
    "TransformFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:mine",
    "DataRetentionDays": 400,
    "TieringDays": 30,
    "AlarmEmail": "ops@example.com",
    "MonthlyBudgetUsd": 20,
    "Trust": "cloudfront",
    "OriginSecret": "s" * 32,
    "Columns": "userid=params.userid",
    "Dashboard": "on",
    "DashboardPasswordHash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$kFAHYpSrmGOcXfQRBDWC6sKYNXHqMJgL6Fs8iGK4q1o",
    "DashboardKey": "k" * 32,
    "DashboardConcurrency": 20,
    "LakeFormation": "on",
}


def combinations():
    """Of all that decides which resources there are, each with everything else off and on; visitors are on by default."""
    choices = itertools.product(("url", "http-api"), ("parquet", "orc", "json"), ("projection", "crawler"), (False, True))
    for endpoint, format, partitions, everything in choices:
        parameters = {"Endpoint": endpoint, "Format": format, "Partitions": partitions, "Visitors": "on" if everything else "off"}
        if everything:
            parameters |= EVERYTHING
            parameters |= DOMAIN if endpoint == "http-api" else {}
            parameters |= {"CrawlerSchedule": "cron(15 2 * * ? *)"} if partitions == "crawler" else {}
        name = "-".join([endpoint, format, partitions] + ["everything"] * everything)
        yield pytest.param(parameters, id=name)


each_combination = pytest.mark.parametrize("parameters", list(combinations()))
