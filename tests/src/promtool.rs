//! promtool: evaluates expressions and rules on series of a test, the way Prometheus does.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// Whether promtool is installed; reports a skipped test where it is not.
pub fn is_installed() -> bool {
    let found = Command::new("promtool").arg("--version").output().is_ok();
    if !found {
        crate::skipped("promtool is not installed (Debian: apt-get install prometheus)");
    }
    found
}

/// A test of rules: series over time, and what expressions must give.
#[derive(Debug, Default)]
pub struct RuleTest {
    rules: String,
    series: String,
    expected: String,
}

impl RuleTest {
    /// Of a rule file's text.
    pub fn of(rules: impl Into<String>) -> Self {
        Self { rules: rules.into(), ..Self::default() }
    }

    /// A series with a value for each minute, in promtool's shorthand: `0+1x10`, `_x5 1x10`.
    #[must_use]
    pub fn series(mut self, series: &str, values: &str) -> Self {
        writeln!(self.series, "  - series: {}\n    values: {}", quoted(series), quoted(values)).unwrap();
        self
    }

    /// Series of a metrics text, the same for two hours.
    #[must_use]
    pub fn metrics(self, text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.fold(self, |test, line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let value: f64 = value.parse().unwrap();
            test.series(series, &format!("{value}x120"))
        })
    }

    /// What an expression gives at a time: series with their labels, in any order.
    #[must_use]
    pub fn gives(mut self, at: &str, expr: &str, samples: &[(&str, f64)]) -> Self {
        writeln!(self.expected, "  - expr: {}\n    eval_time: {at}", quoted(expr)).unwrap();
        if !samples.is_empty() {
            self.expected.push_str("    exp_samples:\n");
        }
        for (labels, value) in samples {
            writeln!(self.expected, "    - labels: {}\n      value: {value}", quoted(labels)).unwrap();
        }
        self
    }

    /// How many alerts of a name fire at a time.
    #[must_use]
    pub fn fires(self, at: &str, alert: &str, count: u32) -> Self {
        let expr = format!("count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}}) or vector(0)");
        self.gives(at, &expr, &[("{}", f64::from(count))])
    }

    /// Has promtool check the rules and run the test.
    pub fn run(self) {
        if !is_installed() {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("rules.yml"), &self.rules).unwrap();
        let test = format!(
            "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n{}  promql_expr_test:\n{}",
            self.series, self.expected
        );
        std::fs::write(dir.path().join("test.yml"), &test).unwrap();
        promtool(dir.path(), &["check", "rules", "--lint=all", "--lint-fatal", "rules.yml"]);
        promtool(dir.path(), &["test", "rules", "test.yml"]);
    }
}

/// Has promtool do something that must succeed.
pub fn promtool(dir: &Path, arguments: &[&str]) {
    let output = Command::new("promtool").args(arguments).current_dir(dir).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

/// A YAML string.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
