//! Fuzzing without a fuzzer: seeds, the dictionary and a mutator that makes the same inputs every time.
//!
//! The targets' checks stand in `fuzz/src/checks.rs`; libFuzzer runs them with coverage, `examples/fuzz_bounded.rs` without.

pub mod dictionary;
pub mod mutate;
pub mod seeds;

pub use mutate::Mutator;
pub use seeds::{Target, seeds};
