#!/usr/bin/env bash
# Checks licences, sources and bans of our dependencies with cargo-deny and the settings of deny.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/target/tools
# An unoptimised build of the tool takes two minutes, its run one second. Package registries don't have the advisory
# database: `cargo deny check advisories` is for the maintainers' machines.
cargo install --debug --locked --quiet --root "$tools" cargo-deny@0.20.2
PATH="$tools/bin:$PATH" cargo deny check bans licenses sources
