#!/usr/bin/env bash
# The README's first command, to its end: the tables it prints must hold what its traffic sent.
set -euo pipefail
cd "$(dirname "$0")/.."
# Settings of the caller would make another demo.
for name in $(compgen -e BEACON_ || true); do unset "$name"; done
output=$(cargo run --locked -- demo --once --listen 127.0.0.1:0 --dashboard-listen 127.0.0.1:0)
echo "$output"
for expected in /posts/one-pixel /bells/brass www.google.com newsletter november-bells; do
  grep -qF -- "$expected" <<<"$output" || { echo "demo: no line with $expected"; exit 1; }
done
# What has gone is not pointed at: neither the server nor the lake in a temporary directory.
if grep -E 'dashboard|beacon-demo-|curl' <<<"$output"; then echo "demo: points at what it has removed"; exit 1; fi
grep -qF '30 days of traffic' <<<"$output" || { echo "demo: not thirty days"; exit 1; }
