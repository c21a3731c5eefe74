//! Kernels × log formats: one test a cell, and the tables of `docs/formats.md` made of them.
//!
//! `eras::el7::cri` writes two dumps as that kernel prints them, in that format, and reads every number back.
//! `real::6.1.0-47-cloud-amd64::rs-iso.log` reads what a real kernel left in that file. `tables` compares the page with the
//! tests there are; `OOMKIT_UPDATE=1` writes it.

mod cells;

use cells::{eras, page, real};
use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = eras::trials();
    trials.extend(real::trials());
    trials.push(Trial::test("tables", || page::check().map_err(Into::into)));
    libtest_mimic::run(&arguments, trials).exit();
}
