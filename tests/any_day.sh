#!/usr/bin/env bash
# Runs every Rust test with another date and time, and with settings in the caller's environment.
#
#   tests/any_day.sh                        dates that have broken tests: ends of months and years, just before midnight
#   tests/any_day.sh "2026-12-31 23:59:50"  one moment, in UTC
set -euo pipefail
cd "$(dirname "$0")/.."

moments=("$@")
if [ ${#moments[@]} = 0 ]; then
  moments=("2027-01-01 00:00:01" "2026-11-20 12:00:00" "2026-11-21 12:00:00" "2028-02-29 12:00:00" "2027-04-30 23:59:50" "2026-12-31 23:59:50")
fi

if ! command -v faketime > /dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update > /dev/null
  $as_root apt-get install --yes --no-install-recommends faketime > /dev/null
fi

# Builds with the real time, because cargo compares modification times.
cargo test --workspace --locked --no-run

# These settings would change the tests if a suite inherited them.
export BEACON_PRIVACY=full BEACON_SPOOL=/nowhere BEACON_COLUMNS=x=params.x
target=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
for moment in "${moments[@]}"; do
  echo "as at $moment UTC"
  # Keeps the monotonic clock, because waits of Rust's standard library hang without it, and the files' times, which cargo
  # compares.
  # Cargo splits the runner at spaces.
  NO_FAKE_STAT=1 env "CARGO_TARGET_${target}_RUNNER=faketime --exclude-monotonic ${moment/ /T}Z" \
    cargo test --workspace --locked --quiet
done
