//! End-to-end tests of the built binary.

#![allow(clippy::unwrap_used, reason = "a panic here is the report")]

mod cluster;
mod containers;
mod exit_codes;
mod explain;
mod formats;
mod inputs;
mod lint;
mod listener;
mod measures;
mod prometheus;
mod readme;
mod rules;
mod run;
mod snapshots;
mod time;
mod verbs;
