"""Updates the code of a stack's functions, and nothing else."""

import tempfile
import zipfile
from pathlib import Path

from aws_cli import Stop

INFRA = Path(__file__).resolve().parent


def update_code(commands, arguments, stack, name, region):
    if stack is None:
        raise Stop(f"there is no stack {name} in {region} whose code could be updated: deploy without --code-only first")
    architecture = stack["parameters"].get("Architecture", "arm64")
    dashboard = stack["outputs"].get("DashboardFunctionName")
    if arguments.dashboard_zip and not dashboard:
        raise Stop(f"--dashboard-zip {arguments.dashboard_zip}: stack {name} in {region} has no dashboard; --parameter Dashboard=on makes one")
    functions = [("Function", stack["outputs"]["FunctionName"], arguments.zip)]
    if dashboard and (arguments.dashboard_zip or not arguments.zip):
        functions.append(("DashboardFunction", dashboard, arguments.dashboard_zip))
    for _, _, archive in functions:
        if archive and not archive.is_file():
            raise Stop(f"{archive} is not there: give the path of a zip with `bootstrap` in it")
        if archive and holds_no_program(archive):
            raise Stop(f"{archive} has no `bootstrap` at its root, which Lambda starts: give bootstrap-{architecture}.zip or "
                       f"dashboard-{architecture}.zip of a release")
    with tempfile.TemporaryDirectory() as folder:
        # Builds both before replacing either, so that a failed build leaves no two versions.
        archives = [archive or build(commands, resource, architecture, Path(folder) / resource) for resource, _, archive in functions]
        for (_, function, _), archive in zip(functions, archives, strict=True):
            commands.must_change("aws", "lambda", "update-function-code", "--function-name", function, "--zip-file", f"fileb://{archive}",
                                 "--architectures", architecture, "--region", region, "--query", "CodeSha256", "--output", "text")
            commands.must_change("aws", "lambda", "wait", "function-updated", "--function-name", function, "--region", region)
    print(f"\nPixel:         {stack['outputs']['PixelUrl']}")
    if dashboard and len(functions) == 1:
        print(f"Dashboard:     {dashboard} keeps its code: --dashboard-zip dashboard-{architecture}.zip updates it too")


def holds_no_program(archive):
    """Returns whether a zip lacks the program: Lambda accepts such a zip, and every request fails. It refuses other files."""
    if not zipfile.is_zipfile(archive):
        return False
    with zipfile.ZipFile(archive) as file:
        return "bootstrap" not in file.namelist()


def build(commands, resource, architecture, folder):
    commands.must_change("make", "-C", str(INFRA), f"build-{resource}", f"ARTIFACTS_DIR={folder}", environment={"ARCHITECTURE": architecture})
    archive = folder / "bootstrap.zip"
    if not commands.dry_run:
        pack(folder / "bootstrap", archive)
    return archive


def pack(binary, archive):
    """Writes a zip with one executable file; Lambda can't start it otherwise."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o100755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(entry, binary.read_bytes())
