//! Chooses one of several values by their weights.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// Returns one of the values, as often as its weight is a part of all weights.
pub(super) fn pick<T: Copy>(random: &mut StdRng, choices: &[(T, u32)]) -> T {
    let chosen = choices.choose_weighted(random, |(_, weight)| *weight);
    chosen
        .expect("each list is constant, not empty, and has positive weights")
        .0
}
