#!/bin/sh
# Builds each Lambda function as it is deployed, and checks the symbol versions that it needs: the functions run on Amazon
# Linux 2023, whose glibc is 2.34, and a binary that needs a newer symbol doesn't start there.
#
# If this machine's glibc is newer and the binary needs it, the same build with cargo-zigbuild links against 2.34:
# `pip install ziglang`, `cargo install cargo-zigbuild`.
#
# Usage: tests/glibc.sh [binary]    with a binary, only checks that one
set -eu
cd "$(dirname "$0")/.."
supported=2.34

# An unreadable file must not look like a static binary, on which objdump also fails, because it has no symbol table.
newest_glibc() {
    objdump --file-headers "$1" > /dev/null || return
    objdump --dynamic-syms "$1" | grep -o 'GLIBC_[0-9.]*' | sed 's/^GLIBC_//' | sort --version-sort --unique | tail -n 1
}

check() {
    if ! newest=$(newest_glibc "$1"); then
        echo "objdump can't read $1: is it built, and binutils installed?" >&2
        exit 2
    fi
    if [ -z "$newest" ]; then
        echo "$1 asks for no glibc: it is static"
        return 0
    fi
    if [ "$(printf '%s\n%s\n' "$newest" "$supported" | sort --version-sort | tail -n 1)" = "$supported" ]; then
        echo "$1 asks for glibc $newest; $supported is there"
        return 0
    fi
    echo "$1 asks for glibc $newest, newer than $supported:"
    objdump --dynamic-syms "$1" | grep "GLIBC_$newest"
    return 1
}

if [ $# -gt 0 ]; then
    check "$1"
    exit
fi

# check_built PACKAGE BINARY
check_built() {
    target_folder=${CARGO_TARGET_DIR:-target}
    cargo build --locked --package "$1" --bin "$2" --profile lambda
    if check "$target_folder/lambda/$2"; then
        return 0
    fi
    if ! command -v cargo-zigbuild > /dev/null; then
        echo "install cargo-zigbuild and ziglang to build for glibc $supported" >&2
        exit 1
    fi
    triple=$(rustc -vV | sed -n 's/^host: //p')
    cargo zigbuild --locked --package "$1" --bin "$2" --profile lambda --target "$triple.$supported"
    check "$target_folder/$triple/lambda/$2"
}

check_built beacon-lambda bootstrap
check_built beacon-dashboard-lambda dashboard-bootstrap
