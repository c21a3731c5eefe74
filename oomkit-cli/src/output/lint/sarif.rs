//! SARIF 2.1.0: one run, all rules, results even when there are none.

use oomkit_core::resources::lint::{Finding, RULES, Report, Settings, Severity};
use serde_json::{Value, json};
use std::io::{self, Write};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HELP: &str = "https://docs.rs/oomkit-core/latest/oomkit_core/resources/lint/index.html";

pub(super) fn write(out: &mut impl Write, report: &Report, settings: &Settings) -> io::Result<()> {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            let severity = settings.severity(rule);
            json!({
                "id": rule.id,
                "name": rule.name,
                "shortDescription": {"text": rule.summary},
                "fullDescription": {"text": format!("{}. {}", rule.summary, rule.help)},
                "help": {"text": rule.help},
                "helpUri": format!("{HELP}#{}", rule.id.to_lowercase()),
                "defaultConfiguration": {"enabled": severity.is_some(), "level": severity.map_or("none", level)},
                "properties": {"tags": ["memory"]},
            })
        })
        .collect();
    let results: Vec<Value> = report.findings.iter().map(result).collect();
    let errors: Vec<Value> = report
        .errors
        .iter()
        .map(|problem| {
            json!({"level": "error", "message": {"text": problem.to_string()}, "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": uri(&problem.file)}, "region": {"startLine": problem.line, "startColumn": problem.column}}}]})
        })
        .collect();
    let run = json!({
        "tool": {"driver": {
            "name": "oomkit",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": "https://docs.rs/oomkit-core",
            "rules": rules,
        }},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.errors.is_empty(), "toolExecutionNotifications": errors}],
        "results": results,
    });
    let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]});
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn result(finding: &Finding) -> Value {
    let names = [Some(finding.object()), finding.container.clone()];
    let full: Vec<String> = names.into_iter().flatten().collect();
    json!({
        "ruleId": finding.id,
        "ruleIndex": RULES.iter().position(|rule| rule.id == finding.id),
        "level": level(finding.severity),
        "message": {"text": super::sentence(finding)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(&finding.file)},
                "region": {
                    "startLine": finding.line,
                    "startColumn": finding.column,
                    "endLine": finding.end_line,
                    "endColumn": finding.end_column,
                },
            },
            "logicalLocations": [{"fullyQualifiedName": full.join("/"), "kind": "resource"}],
        }],
        "partialFingerprints": {"oomkit/v1": finding.fingerprint},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Note => "note",
    }
}

/// A path as a URI: relative ones stay so, for the checkout they are read in.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for &byte in path.strip_prefix("./").unwrap_or(path).as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_uris() {
        assert_eq!(super::uri("./a b/ü.yaml"), "a%20b/%C3%BC.yaml");
        assert_eq!(super::uri("/tmp/x:1#.yaml"), "file:///tmp/x%3A1%23.yaml");
        assert_eq!(super::uri("b.tar:a.yaml"), "b.tar%3Aa.yaml");
    }
}
