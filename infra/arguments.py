"""The flags of infra/deploy."""

import argparse
from pathlib import Path

from aws_cli import is_interactive

# The flags that set a parameter of infra/template.yaml. A guided deploy prompts for each, in this order.
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
    """Parses the command line. Help and defaults of the flags come from their parameters in `template`."""
    parser = argparse.ArgumentParser(prog="infra/deploy", description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stack", help="stack name (default: beacon)")
    parser.add_argument("--region", help="AWS region (default: AWS_REGION, AWS_DEFAULT_REGION, us-east-1)")
    for flag, parameter in FLAGS.items():
        declared = template.parameters[parameter]
        # argparse would take a percent sign for a placeholder.
        meaning = f"{declared['Description']} (new stack: {declared['Default'] or 'empty'})".replace("%", "%%")
        parser.add_argument(flag, dest=parameter, metavar="VALUE", help=meaning)
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="any other parameter of infra/template.yaml; repeatable")
    edge = parser.add_argument_group("edge (CloudFront, certificate, firewall; a separate stack in us-east-1)")
    edge.add_argument("--edge", action="store_true", help="deploy or update the edge too")
    edge.add_argument("--domain", metavar="HOST", help="custom domain, such as b.blog.example")
    edge.add_argument("--hosted-zone", metavar="ID", help="the Route 53 zone of --domain")
    edge.add_argument("--certificate", metavar="ARN", help="certificate in us-east-1; created if not given")
    edge.add_argument("--edge-parameter", action="append", default=[], metavar="NAME=VALUE", help="any other parameter of infra/edge.yaml, such as Firewall=off; repeatable")
    edge.add_argument("--rotate-secret", action="store_true", help="replace the secret between edge and beacon; for some minutes, hits have CloudFront's IP addresses")
    code = parser.add_argument_group("code only")
    code.add_argument("--code-only", action="store_true", help="update only the code of an existing stack's function, and of its dashboard's if it has one")
    code.add_argument("--zip", type=Path, metavar="FILE", help="with --code-only: use this zip, such as a release's bootstrap-arm64.zip, instead of building")
    code.add_argument("--dashboard-zip", type=Path, metavar="FILE", help="with --zip: the dashboard's zip, such as dashboard-arm64.zip; without it the dashboard keeps its code")
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--publish-example", action="store_true", help="publish examples/page.html (a first deploy does, unless --sites leaves out its site, example)")
    page.add_argument("--no-example", action="store_true", help="publish no example page on a first deploy")
    parser.add_argument("--yes", action="store_true", help="don't prompt")
    parser.add_argument("--dry-run", action="store_true", help="print the commands that would be run, without changing anything")
    arguments = parser.parse_args()
    if arguments.zip and not arguments.code_only:
        parser.error("--zip goes with --code-only")
    if arguments.dashboard_zip and not arguments.zip:
        parser.error("--dashboard-zip goes with --zip")
    if not arguments.edge and (arguments.domain or arguments.hosted_zone or arguments.certificate or arguments.edge_parameter or arguments.rotate_secret):
        parser.error("--domain, --hosted-zone, --certificate, --edge-parameter and --rotate-secret go with --edge")
    if not arguments.yes and not is_interactive():
        parser.error("this is not a terminal, so nothing can be asked: give --yes")
    return arguments
