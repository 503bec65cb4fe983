"""Checks that a release's files have the names by which README.md and `cargo binstall` look for them."""

import os
import re
import subprocess
import tarfile
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
BINSTALL = tomllib.loads((ROOT / "beacon/cli/Cargo.toml").read_text())["package"]["metadata"]["binstall"]


def script(job, name):
    """Returns the script of a step."""
    return next(step["run"] for step in WORKFLOW["jobs"][job]["steps"] if step.get("name") == name)


def published():
    return set(re.findall(r"beacon[-_][\w-]+\.(?:tar\.gz|deb)", script("publish", "Check that all files exist, and write their checksums")))


def linux():
    return WORKFLOW["jobs"]["linux"]["strategy"]["matrix"]["include"]


def targets():
    mac = re.search(r"packaging/archive \S+ (\S+) dist", script("macos", "Build the command"))[1]
    return [*(entry["target"] for entry in linux()), mac]


def test_binstall_looks_for_the_archives_that_are_published():
    assert 'packaging/archive "target/$TARGET/dist/beacon" "$TARGET" dist' in script("linux", "Build the command")
    names = set()
    for target in targets():
        url = BINSTALL["pkg-url"].replace("{ target }", target).replace("{ version }", "1.2.3").replace("{ repo }", "REPOSITORY")
        address, _, name = url.rpartition("/")
        assert address == "REPOSITORY/releases/download/v1.2.3"
        names.add(name)
    debian = {f"beacon_{entry['debian']}.deb" for entry in linux()}
    assert '--output "dist/beacon_$DEBIAN.deb"' in script("linux", "Build the Debian package")
    assert published() == names | debian


def test_readme_names_published_files():
    named = set(re.findall(r"\$ sudo .*?(beacon[-_][\w-]+\.(?:tar\.gz|deb))", README))
    assert len(named) == 2 and named <= published()


def test_an_archive_has_the_program_where_binstall_and_readme_expect_it(tmp_path):
    target = targets()[0]
    program = Path(os.environ["PACKAGE_BUILT"]) / "beacon"
    subprocess.run([ROOT / "packaging/archive", program, target, tmp_path], check=True)
    archive = tmp_path / f"beacon-{target}.tar.gz"
    listed = set(subprocess.check_output(["tar", "-tzf", archive], text=True).split())
    program_in_archive = BINSTALL["bin-dir"].replace("{ bin }", "beacon").replace("{ binary-ext }", "")
    with tarfile.open(archive) as members:
        assert {(member.uid, member.gid) for member in members} == {(0, 0)}, "root unpacks files that root owns"
    assert {program_in_archive, "LICENSE", "README.md", "man/beacon-serve.1", "completions/_beacon"} <= listed
    # README.md's command, with another directory.
    command = re.search(r"\$ sudo (tar .*) -C /usr/local/bin beacon\n", README)[1].split()
    command[-1] = archive
    subprocess.run([*command, "-C", tmp_path, "beacon"], check=True)
    assert "beacon" in subprocess.check_output([tmp_path / "beacon", "--version"], text=True)
