#!/usr/bin/env bash
# Runs the README's first command to its end, and checks that its tables contain the hits that it sent.
set -euo pipefail
cd "$(dirname "$0")/.."
# Removes the caller's settings, which would change the demo.
for name in $(compgen -e BEACON_ || true); do unset "$name"; done
output=$(cargo run --locked -- demo --once --listen 127.0.0.1:0 --dashboard-listen 127.0.0.1:0)
echo "$output"
for expected in /posts/one-pixel /bells/brass www.google.com newsletter november-bells ai.training.gptbot mail.gmail tablet; do
  grep -qF -- "$expected" <<<"$output" || { echo "demo: no line with $expected"; exit 1; }
done
# The output must not mention what is gone: the server, and the lake in a temporary directory.
if grep -E 'dashboard|beacon-demo-|curl -' <<<"$output"; then echo "demo: points at what it has removed"; exit 1; fi
grep -qF '30 days of traffic' <<<"$output" || { echo "demo: not thirty days"; exit 1; }
