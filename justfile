# The same commands that CI and the README use, by short names.

# Thirty days of traffic on a lake of its own, and the questions' answers
demo:
    cargo run -- demo

# All tests that need nothing but Rust
test:
    cargo test --workspace

# Circles, the order of the crates, names published twice, long files
structure *ARGS:
    cargo run --quiet --package beacon-structure -- {{ARGS}}

# What CI runs
check:
    bash .ci/run

# A question, by name or as SQL: just query top_pages
query *ARGS:
    cargo run --quiet -- query {{ARGS}}

# The ratios of the README, each beside its baseline (needs nginx and wrk)
bench *ARGS:
    tests/bench/run {{ARGS}}

# Into your AWS account, guided; just deploy --help
deploy *ARGS:
    infra/deploy {{ARGS}}

# Out of it again; says what it leaves
teardown *ARGS:
    infra/teardown {{ARGS}}
