# Short names for the commands that CI and the README use.

# Simulate thirty days of traffic in a temporary lake, and show the named queries' results
demo:
    cargo run -- demo

# Run all tests that need only Rust
test:
    cargo test --workspace

# Find cycles, dependencies against the order of the crates, names published twice, long files
structure *ARGS:
    cargo run --quiet --package beacon-structure -- {{ARGS}}

# Run everything that CI runs
check:
    bash .ci/run

# Run a named query or SQL: just query top_pages
query *ARGS:
    cargo run --quiet -- query {{ARGS}}

# Measure the ratios of docs/speed.md, each beside its baseline (needs nginx and wrk)
bench *ARGS:
    tests/bench/run {{ARGS}}

# Deploy to your AWS account, with prompts; see just deploy --help
deploy *ARGS:
    infra/deploy {{ARGS}}

# Remove the deployment, and list the resources it retains
teardown *ARGS:
    infra/teardown {{ARGS}}
