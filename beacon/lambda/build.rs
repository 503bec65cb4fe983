//! Sets how `bootstrap` is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // At a fixed address: a position-independent executable has 12,000 addresses corrected at each start, a
    // twelfth of the time until the first poll. Heap, stack and C library stay randomised, and there is no
    // unsafe code of ours whose errors a known address would help to exploit.
    println!("cargo::rustc-link-arg-bins=-no-pie");
}
