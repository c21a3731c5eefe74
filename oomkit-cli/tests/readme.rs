//! The README's `console` examples print what the README says.

#[test]
fn readme_examples_are_true() {
    // the examples name files as seen from the repository; the other tests of this binary use absolute paths only
    std::env::set_current_dir("..").unwrap();
    trycmd::TestCases::new().case("README.md").run();
}
