//! The `oomkit` command.
fn main() {}
