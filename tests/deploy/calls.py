"""The calls of infra/deploy that several suites expect, and the stacks that it finds."""

from conftest import ROOT

BUILD = "sam build --template-file infra/template.yaml --build-dir target/sam"
SAM = ("sam deploy --template-file target/sam/template.yaml --stack-name beacon --region eu-west-1 --resolve-s3 "
       "--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --no-confirm-changeset --no-fail-on-empty-changeset --tags application=beacon")
EDGE = ("aws cloudformation deploy --template-file infra/edge.yaml --stack-name beacon-edge --region us-east-1 "
        "--no-fail-on-empty-changeset --tags application=beacon --parameter-overrides")
EXAMPLE = ("aws cloudformation deploy --template-file infra/example.yaml --stack-name beacon-example --region eu-west-1 "
           "--no-fail-on-empty-changeset --tags application=beacon")
ORIGIN = "abcdefghijklmnop.lambda-url.eu-west-1.on.aws"
PAGE = ("aws s3 cp TMP.html s3://{bucket}/beacon-example/index.html --region {region} "
        "--content-type 'text/html; charset=utf-8' --cache-control no-cache --only-show-errors")
GIF = ("aws s3 cp TMP.gif s3://beacon-edge-errorbucket-9z8y7x/beacon-error/pixel.gif --region us-east-1 "
       "--content-type image/gif --cache-control 'no-cache, no-store, must-revalidate, private, max-age=0' --only-show-errors")


def absent_until_deployed(cli, beacon="stack-beacon.json"):
    cli.stack("beacon", "eu-west-1", beacon, after="sam deploy")
    cli.stack("beacon", "eu-west-1")
    cli.stack("beacon-edge", "us-east-1", "stack-edge.json", after="aws cloudformation deploy --template-file " + str(ROOT / "infra/edge.yaml"))
    cli.stack("beacon-edge", "us-east-1")
    cli.stack("beacon-example", "eu-west-1", "stack-example.json", after="aws cloudformation deploy")


def present(cli, beacon="stack-beacon.json", edge=None, **parameters):
    cli.stack("beacon", "eu-west-1", beacon, parameters)
    cli.stack("beacon-edge", "us-east-1", edge)


def deploy(cli, *arguments, typed=None):
    return cli.run("deploy", *(("--yes",) if typed is None else ()), "--region", "eu-west-1", *arguments, typed=typed)
