//! What continuous integration shows: GitHub's workflow commands, JUnit.

use super::{headline, sentence};
use oomkit_core::resources::lint::{Finding, Needs, RULES, Report, Settings, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// The worst first: GitHub shows ten of each kind for a step.
pub(super) fn github(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warn => "warning",
            Severity::Note => "notice",
        };
        write!(out, "::{command} file={},line={},col={}", property(&finding.file), finding.line, finding.column)?;
        write!(out, ",endLine={}", finding.end_line)?;
        // columns of an end are allowed on the same line only
        if finding.end_line == finding.line {
            write!(out, ",endColumn={}", finding.end_column)?;
        }
        writeln!(out, ",title={}::{}", property(&finding.id), data(&sentence(finding)))?;
    }
    writeln!(out, "{}", data(&headline(report)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A suite for each file, a case for each container and rule that needs nothing but the manifest, and for what else was found.
pub(super) fn junit(out: &mut impl Write, report: &Report, settings: &Settings) -> io::Result<()> {
    /// Object, container, rule → messages.
    type Cases<'a> = BTreeMap<(String, String, &'a str), Vec<&'a Finding>>;
    let mut suites: BTreeMap<&str, Cases<'_>> = BTreeMap::new();
    let rules = || RULES.iter().filter(|rule| rule.needs == Needs::Manifest && settings.severity(rule).is_some());
    for subject in &report.subjects {
        let cases = suites.entry(&subject.file).or_default();
        for rule in rules() {
            cases.entry((subject.object.clone(), subject.container.clone(), rule.id)).or_default();
        }
    }
    for finding in &report.findings {
        let container = finding.container.clone().unwrap_or_default();
        let cases = suites.entry(&finding.file).or_default();
        cases.entry((finding.object(), container, &finding.id)).or_default().push(finding);
    }
    let fails = |found: &[&Finding]| found.iter().any(|finding| finding.severity > Severity::Note);
    let failures = |cases: &Cases<'_>| cases.values().filter(|found| fails(found)).count();
    let tests: usize = suites.values().map(BTreeMap::len).sum();
    let failed: usize = suites.values().map(failures).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let errors = report.errors.len();
    writeln!(
        out,
        "<testsuites name=\"oomkit lint\" tests=\"{}\" failures=\"{failed}\" errors=\"{errors}\">",
        tests + errors
    )?;
    for (file, cases) in &suites {
        let (tests, failed) = (cases.len(), failures(cases));
        writeln!(out, "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\">", xml(file))?;
        for ((object, container, id), found) in cases {
            let class = if container.is_empty() { object.clone() } else { format!("{object}/{container}") };
            write!(out, "    <testcase classname=\"{}\" name=\"{id}\" file=\"{}\"", xml(&class), xml(file))?;
            if found.is_empty() {
                writeln!(out, "/>")?;
                continue;
            }
            writeln!(out, " line=\"{}\">", found[0].line)?;
            for finding in found {
                let place = format!("{}:{}:{}", finding.file, finding.line, finding.column);
                let (kind, message) = (finding.severity.as_str(), xml(&finding.message));
                if finding.severity > Severity::Note {
                    writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{}</failure>", xml(&place))?;
                } else {
                    writeln!(out, "      <system-out>{}: {message}</system-out>", xml(&place))?;
                }
            }
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if errors > 0 {
        writeln!(out, "  <testsuite name=\"unreadable\" tests=\"{errors}\" failures=\"0\" errors=\"{errors}\">")?;
        for problem in &report.errors {
            let (file, told) = (xml(&problem.file), xml(&problem.to_string()));
            writeln!(
                out,
                "    <testcase classname=\"{file}\" name=\"readable\" file=\"{file}\" line=\"{}\">",
                problem.line
            )?;
            writeln!(out, "      <error type=\"unreadable\" message=\"{told}\"/>\n    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Text as XML 1.0 may hold it: characters that it may not are shown.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_xml_hold_no_markup_of_others() {
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
        assert_eq!(data("100%: a,b\r\n"), "100%25: a,b%0D%0A");
        assert_eq!(xml("<a b=\"&\">\u{1}"), "&lt;a b=&quot;&amp;&quot;&gt;\\u{1}");
    }
}
