#!/bin/sh
# Keeps the core pure and the Lambdas small: checks that cargo resolves no forbidden crate for them.
set -eu
cd "$(dirname "$0")/.."

status=0
forbid() {
    package=$1
    pattern=$2
    if ! tree=$(cargo tree --locked --package "$package" --edges normal --prefix none --format '{p}'); then
        echo "cargo tree failed for $package" >&2
        exit 2
    fi
    # grep exits with 1 if it finds nothing, which is the wanted result, and with 2 for an invalid pattern.
    found=$(printf '%s\n' "$tree" | cut -d ' ' -f 1 | sort -u | grep -E "^($pattern)\$") || [ $? -eq 1 ]
    if [ -n "$found" ]; then
        echo "$package must not link:" $found >&2
        status=1
    fi
}

forbid beacon-core 'tokio.*|getrandom|hyper.*|axum.*|aws-.*|aws_.*|lambda_.*|reqwest|rand|object_store|arrow.*|parquet|datafusion.*|beacon-aws|beacon-firehose|beacon-lake|beacon-server|beacon-lambda|beacon-query|beacon-cli'
forbid beacon-aws 'arrow.*|parquet|datafusion.*|object_store|axum.*|aws-config|aws-sdk-.*|aws-lc-.*|openssl|openssl-sys|beacon-core|beacon-firehose|beacon-lake|beacon-server|beacon-lambda|beacon-query|beacon-cli'
forbid beacon-firehose 'arrow.*|parquet|datafusion.*|object_store|axum.*|aws-config|aws-lc-.*|openssl|openssl-sys'
forbid beacon-lambda-http 'arrow.*|parquet|datafusion.*|object_store|axum.*|clap|aws-config|aws-sdk-.*|aws-lc-.*|openssl|openssl-sys|beacon-firehose|beacon-lake|beacon-server|beacon-query|beacon-cli|beacon-dashboard|beacon-lambda'
forbid beacon-lambda 'arrow.*|parquet|datafusion.*|object_store|axum.*|clap|aws-config|aws-lc-.*|openssl|openssl-sys|beacon-lake|beacon-server|beacon-query|beacon-cli'
forbid beacon-dashboard 'arrow.*|parquet|datafusion.*|sqlparser|object_store|clap|aws-.*|aws_.*|openssl|openssl-sys|beacon-lake|beacon-server|beacon-query|beacon-cli'
forbid beacon-dashboard-s3 'arrow.*|parquet|datafusion.*|sqlparser|object_store|clap|aws-config|aws-sdk-.*|aws-lc-.*|openssl|openssl-sys|beacon-lake|beacon-server|beacon-query|beacon-cli'
forbid beacon-dashboard-lambda 'arrow.*|parquet|datafusion.*|sqlparser|object_store|clap|aws-config|aws-lc-.*|openssl|openssl-sys|beacon-lake|beacon-server|beacon-query|beacon-cli'
forbid beacon-query 'axum.*|clap|aws-lc-.*|openssl|openssl-sys|beacon-firehose|beacon-dashboard|beacon-server|beacon-lambda|beacon-cli'
forbid beacon-server 'datafusion.*|sqlparser|aws-lc-.*|openssl|openssl-sys|beacon-query|beacon-cli'
exit $status
