//! Logs for the benches.
