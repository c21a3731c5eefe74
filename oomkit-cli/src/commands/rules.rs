//! `oomkit rules`: Prometheus rules for the measures and for kills.

use crate::cli::{RulesArgs, RulesFormat, RulesKind, TalkArgs, TargetArgs};
use crate::outcome::{Code, Failure, Outcome};
use crate::output::Target;
use oomkit_core::resources::rules::{Alert, Hold, RuleOptions, rules};
use std::io::Write;

/// Runs the command.
///
/// # Errors
/// Names that Prometheus does not take, and an output that takes no more.
pub(super) fn run(args: &RulesArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    let file = rules(&options(args)?);
    let object = &args.object;
    let text = match args.format {
        RulesFormat::Yaml => file.to_yaml(),
        RulesFormat::PrometheusRule => {
            let labels = object.object_label.iter().cloned().collect();
            file.to_prometheus_rule(&object.object_name, object.object_namespace.as_deref(), &labels)
        }
    };
    print(&args.target, &text)
}

/// A text that is ready.
pub(super) fn print(target: &TargetArgs, text: &str) -> Result<Code, Failure> {
    let target = Target::open(target.output.as_deref())?;
    let name = target.name().to_owned();
    let mut out = target.plain();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map(|()| Code::Done).map_err(|error| Failure::write(&name, error, Outcome::default()))
}

fn options(args: &RulesArgs) -> Result<RuleOptions, Failure> {
    let mut options = RuleOptions::default();
    options.naming = args.naming.naming().map_err(|error| Failure::Usage(error.to_string()))?;
    options.overcommit = args.overcommit;
    options.waste = args.waste;
    options.headroom = args.headroom;
    options.lost_nodes = args.lost_nodes;
    options.window = args.window.clone();
    options.recent = args.recent.clone();
    options.interval.clone_from(&args.interval);
    options.excluded_namespaces.clone_from(&args.exclude_namespace);
    options.labels = args.alert_label.iter().cloned().collect();
    options.runbook_url.clone_from(&args.runbook_url);
    options.recording = args.only != Some(RulesKind::Alerts);
    options.alerting = args.only != Some(RulesKind::Recording);
    for alert in Alert::ALL {
        let mut own = Hold::default();
        own.left_out = args.without.contains(alert);
        own.severity = meant(&args.severity, *alert);
        own.hold = if alert.is_of_kill() { meant_of(&args.hold, *alert) } else { meant(&args.hold, *alert) };
        if let Some(hold) =
            own.hold.as_ref().filter(|hold| alert.is_of_kill() && hold.seconds() >= args.recent.seconds())
        {
            let name = alert.as_str();
            return Err(Failure::Usage(format!(
                "--for {name}={hold}: a kill is recent for {} (--recent), so that {name} would never fire",
                args.recent
            )));
        }
        options.alerts.insert(*alert, own);
    }
    Ok(options)
}

/// What is said of an alert; else what is said of all; the last word counts.
fn meant<T: Clone>(given: &[(Option<Alert>, T)], alert: Alert) -> Option<T> {
    let of_all = || given.iter().rev().find(|(named, _)| named.is_none()).map(|(_, value)| value.clone());
    meant_of(given, alert).or_else(of_all)
}

/// What is said of this very alert.
fn meant_of<T: Clone>(given: &[(Option<Alert>, T)], alert: Alert) -> Option<T> {
    given.iter().rev().find(|(named, _)| *named == Some(alert)).map(|(_, value)| value.clone())
}
