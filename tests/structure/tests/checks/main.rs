//! The checks themselves: what they must find in planted crates, and what they must let pass.

mod planted;

mod circles;

mod no_circles;

mod public_names;

mod crates;

mod file_sizes;

mod known;
