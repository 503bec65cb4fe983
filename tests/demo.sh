#!/usr/bin/env bash
# The README's first command, to its end: the tables it prints must hold what its day of traffic sent.
set -euo pipefail
cd "$(dirname "$0")/.."
output=$(cargo run --locked -- demo --once --listen 127.0.0.1:0 --dashboard-listen 127.0.0.1:0)
echo "$output"
for expected in /posts/one-pixel /bells/brass www.google.com newsletter november-bells; do
  grep -qF -- "$expected" <<<"$output" || { echo "demo: no line with $expected"; exit 1; }
done
