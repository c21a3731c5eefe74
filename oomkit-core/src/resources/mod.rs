//! Memory as Kubernetes declares it: quantities, and what pods and nodes say about themselves.

pub mod quantity;

pub use quantity::{Quantity, QuantityError};
