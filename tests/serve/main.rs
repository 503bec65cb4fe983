//! `beacon serve` as a program: the real binary, real sockets, real signals.

mod firehose;
mod http;
mod lifecycle;
mod pixel;
mod program;
