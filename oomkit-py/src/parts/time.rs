//! When it happened.

use super::part;
use oomkit_core::event as model;

part! {
    /// When the first line of the dump was written.
    Time {
        values {
            /// What had to be assumed for `wall`: "year", "offset". Empty when nothing was.
            assumed,
            /// Wall clock as written in the log, without its brackets.
            text,
            /// Absolute time as an aware `datetime`, when known. Cut to microseconds, where JSON may hold nanoseconds.
            wall,
            /// The kernel's clock, in seconds since boot.
            monotonic_seconds,
        }
    }
}
