"""The flags of infra/deploy."""

import argparse
from pathlib import Path

from aws_cli import is_interactive

# Flags with a parameter of infra/template.yaml behind them. A guided deploy asks about each, in this order.
FLAGS = {
    "--endpoint": "Endpoint",
    "--format": "Format",
    "--partitions": "Partitions",
    "--architecture": "Architecture",
    "--privacy": "Privacy",
    "--sites": "Sites",
    "--alarm-email": "AlarmEmail",
    "--monthly-budget": "MonthlyBudgetUsd",
}


def parse_arguments(template, description):
    """The command line; what its flags mean and default to is what `template` says of their parameters."""
    parser = argparse.ArgumentParser(prog="infra/deploy", description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stack", help="name of the stack (default: beacon)")
    parser.add_argument("--region", help="AWS region (default: AWS_REGION, AWS_DEFAULT_REGION, us-east-1)")
    for flag, parameter in FLAGS.items():
        declared = template.parameters[parameter]
        # argparse would take a percent sign for a placeholder.
        meaning = f"{declared['Description']} (new stack: {declared['Default'] or 'empty'})".replace("%", "%%")
        parser.add_argument(flag, dest=parameter, metavar="VALUE", help=meaning)
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="any other parameter of infra/template.yaml; may be repeated")
    edge = parser.add_argument_group("edge (CloudFront, certificate, firewall; a stack of its own in us-east-1)")
    edge.add_argument("--edge", action="store_true", help="deploy it too, or update it")
    edge.add_argument("--domain", metavar="HOST", help="a host of one's own, such as b.blog.example")
    edge.add_argument("--hosted-zone", metavar="ID", help="the Route 53 zone of --domain")
    edge.add_argument("--certificate", metavar="ARN", help="a certificate in us-east-1; without it one is made")
    edge.add_argument("--edge-parameter", action="append", default=[], metavar="NAME=VALUE", help="any other parameter of infra/edge.yaml, as Firewall=off")
    edge.add_argument("--rotate-secret", action="store_true", help="a new secret between edge and beacon; in between visitors' addresses are CloudFront's for some minutes")
    code = parser.add_argument_group("code alone")
    code.add_argument("--code-only", action="store_true", help="only the code of the function, and of the dashboard's if it is on, of a stack that is there")
    code.add_argument("--zip", type=Path, metavar="FILE", help="with --code-only: this zip, such as a release's bootstrap-arm64.zip, instead of a build")
    code.add_argument("--dashboard-zip", type=Path, metavar="FILE", help="with --zip: the dashboard's, such as dashboard-arm64.zip; else its code stays")
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--publish-example", action="store_true", help="publish examples/page.html (a first deploy does, unless --sites leaves out its site, example)")
    page.add_argument("--no-example", action="store_true", help="publish no page on a first deploy either")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument("--dry-run", action="store_true", help="print what would be run, and change nothing")
    arguments = parser.parse_args()
    if arguments.zip and not arguments.code_only:
        parser.error("--zip goes with --code-only")
    if arguments.dashboard_zip and not arguments.zip:
        parser.error("--dashboard-zip goes with --zip")
    if not arguments.edge and (arguments.domain or arguments.hosted_zone or arguments.certificate or arguments.edge_parameter or arguments.rotate_secret):
        parser.error("--domain, --hosted-zone, --certificate, --edge-parameter and --rotate-secret go with --edge")
    if not arguments.yes and not is_interactive():
        parser.error("this is no terminal, so nothing can be asked: give --yes")
    return arguments
