//! Answers of the Prometheus HTTP API, and the questions that give them.
//!
//! [`queries`] lists what to ask; [`Scrape::read_response`](super::Scrape::read_response) reads the answers, whoever asked.
//! Thanos, Mimir, Cortex and VictoriaMetrics answer alike.

mod query;
mod response;
mod selector;
#[cfg(test)]
mod tests;
mod window;

pub use query::{Query, Wanted, queries};
pub use response::{Response, server_error};
pub use selector::Selector;
pub use window::{Window, parse_seconds};
