//! `oomkit lint`: reads manifests, checks them, prints the findings.

use crate::cli::{LintArgs, LintFormat, TalkArgs};
use crate::cluster;
use crate::input::{self, Input, identity::FileId};
use crate::outcome::{Code, Failure, Outcome, reason};
use crate::output::lint;
use crate::output::{Target, escape};
use crate::progress::Progress;
use crate::talk::{Talk, count};
use oomkit_core::resources::Basis;
use oomkit_core::resources::lint::{Baseline, Facts, Linter, RULES, Report, Rule};
use oomkit_core::resources::prometheus::Wanted;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// Manifests are read whole; a file beyond this is refused.
const LARGEST: u64 = (1 << 30) + 1;

/// Runs the command.
///
/// # Errors
/// Files of cluster, usage or events that cannot be read, and an output that takes no more.
pub(super) fn run(args: &LintArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    if args.rules.list_rules || args.rules.explain.is_some() {
        return told(args);
    }
    let talk = Talk::new(talk.quiet, Progress::new(true));
    let named = named(args)?;
    let beside = beside(args);
    input::refuse_output_among(&beside, args.target.output.as_deref())?;
    let (facts, notes) = facts(args, &named)?;
    let known = args.rules.baseline.as_deref().map(baseline).transpose()?;
    let others = [&args.rules.baseline, &args.rules.write_baseline].into_iter().flatten().cloned();
    let read: Vec<PathBuf> = named.iter().cloned().chain(others).collect();
    input::refuse_output_among(&read, args.target.output.as_deref())?;
    let target = Target::open(args.target.output.as_deref())?;
    let inputs = input::plan(&named, target.id().or_else(FileId::of_stdout).as_ref());
    let mut linter = Linter::new(args.settings());
    let mut unreadable = false;
    let mut others = 0;
    for input in inputs.iter().filter(|input| is_manifest(input, &named)) {
        match read_input(input, &mut linter) {
            Ok((0, held)) => {
                others += held;
                if named.iter().any(|path| path.to_string_lossy() == input.name()) {
                    talk.note(&format!("{}: nothing there declares memory", escape::text(&input.name())));
                }
            }
            Ok(_) => {}
            Err(error) => {
                unreadable = true;
                talk.unreadable(&input.name(), &error);
            }
        }
    }
    let mut report = linter.finish(&facts);
    report.notes.splice(0..0, notes);
    if let Some(gone) = known.map(|known| known.apply(&mut report)).filter(|&gone| gone > 0) {
        report.notes.push(format!("{} of the baseline are gone: write it anew", count(gone, "finding")));
    }
    for problem in &report.errors {
        talk.unreadable(&problem.file, &escape::text(&problem.to_string()[problem.file.len() + 1..]));
    }
    unreadable |= !report.errors.is_empty();
    if let Some(path) = &args.rules.write_baseline {
        let text =
            serde_json::to_string_pretty(&Baseline::of(&report)).map_err(|error| Failure::Usage(error.to_string()))?;
        let name = path.to_string_lossy();
        std::fs::write(path, text + "\n")
            .map_err(|error| Failure::write(&escape::text(&name), error, Outcome::default()))?;
        talk.note(&format!("{}: {}", escape::text(&name), count(report.findings.len() as u64, "finding")));
    }
    print(args, target, &report)?;
    Ok(if unreadable {
        Code::Unusable
    } else if report.checked.objects == 0 {
        let what = if others > 0 { "Kubernetes objects or services that declare memory" } else { "manifests" };
        talk.unreadable("lint", &format!("nothing to check: no {what} in {}", count(inputs.len() as u64, "file")));
        Code::Damaged
    } else if args.rules.write_baseline.is_none() && args.rules.fail_on.fails(report.worst()) {
        Code::Found
    } else {
        Code::Done
    })
}

/// The manifests: the arguments, else the pods given, else standard input.
fn named(args: &LintArgs) -> Result<Vec<PathBuf>, Failure> {
    if !args.files.is_empty() {
        return Ok(args.files.clone());
    }
    if !args.cluster.pods.is_empty() {
        return Ok(args.cluster.pods.clone());
    }
    if std::io::stdin().is_terminal() {
        return Err(Failure::Usage("no manifests: name files or directories, or pipe them in".to_owned()));
    }
    Ok(vec![PathBuf::from("-")])
}

/// The files that are read beside the manifests.
fn beside(args: &LintArgs) -> Vec<PathBuf> {
    let (cluster, metrics) = (&args.cluster, &args.metrics);
    let own = [&cluster.pods, &cluster.nodes, &metrics.metrics, &metrics.csv, &args.usage.usage, &args.events.events];
    own.into_iter().flatten().cloned().chain(metrics.prometheus.files()).collect()
}

/// What is known besides the manifests, and what a reader should know of it.
fn facts(args: &LintArgs, manifests: &[PathBuf]) -> Result<(Facts, Vec<String>), Failure> {
    let stdin = Path::new("-");
    let readers = beside(args).iter().filter(|path| *path == stdin).count();
    if readers + usize::from(manifests.iter().any(|path| path == stdin)) > 1 {
        return Err(Failure::Usage("standard input (-) can be read only once".to_owned()));
    }
    let (mut facts, mut notes) = (Facts::default(), Vec::new());
    let cluster = &args.cluster;
    if !(cluster.pods.is_empty() && cluster.nodes.is_empty() && args.usage.usage.is_empty() && args.metrics.is_empty())
    {
        let wanted = Wanted::everything(Basis::WorkingSet);
        let read = cluster::gathered(cluster, &args.metrics, &args.usage, wanted)?;
        (facts.cluster, facts.usage, notes) = (read.facts, read.usage, read.notes);
    }
    facts.events = args.events.kills()?.into_events();
    Ok((facts, notes))
}

fn baseline(path: &Path) -> Result<Baseline, Failure> {
    let name = escape::text(&path.to_string_lossy()).into_owned();
    let bytes = std::fs::read(path).map_err(|error| Failure::Usage(format!("{name}: {}", reason(&error))))?;
    let known: Result<Baseline, _> = serde_json::from_slice(&bytes);
    known
        .map_err(|error| Failure::Usage(format!("{name}: expected a baseline as --write-baseline writes it ({error})")))
}

/// Of directories only what may be a manifest; what is named, whatever it is called.
fn is_manifest(input: &Input, named: &[PathBuf]) -> bool {
    let Input::File(path) = input else { return true };
    let known = path
        .extension()
        .is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known)));
    known || named.contains(path)
}

fn read_input(input: &Input, linter: &mut Linter) -> Result<(u64, u64), String> {
    let told = |error: std::io::Error| reason(&error);
    let mut source = input.source(Progress::new(true).counter()).map_err(told)?;
    let mut all = (0, 0);
    while source.advance().map_err(told)? {
        let name = source.name().to_owned();
        let mut bytes = Vec::new();
        (&mut source).take(LARGEST).read_to_end(&mut bytes).map_err(told)?;
        let (objects, others) = linter.file(&name, &bytes);
        all = (all.0 + objects, all.1 + others);
    }
    Ok(all)
}

fn print(args: &LintArgs, target: Target, report: &Report) -> Result<(), Failure> {
    let name = target.name().to_owned();
    let written = match args.format {
        LintFormat::Text => {
            let mut out = target.colored();
            lint::text(&mut out, report, args.show_ignored).and_then(|()| out.flush())
        }
        format => {
            let mut out = target.plain();
            lint::plain(&mut out, report, format, &args.settings()).and_then(|()| out.flush())
        }
    };
    written.map_err(|error| Failure::write(&name, error, Outcome::default()))
}

fn told(args: &LintArgs) -> Result<Code, Failure> {
    let target = Target::open(args.target.output.as_deref())?;
    let name = target.name().to_owned();
    let mut out = target.plain();
    let picked = |rule: &&Rule| args.rules.explain.as_ref().is_none_or(|id| rule.id.starts_with(id.as_str()));
    let rules = RULES.iter().filter(picked);
    let profile = args.settings().profile;
    let written = rules.into_iter().try_for_each(|rule| {
        let severity = rule.severity(profile).map_or("off", |severity| severity.as_str());
        if args.rules.explain.is_some() {
            let (id, name, needs) = (rule.id, rule.name, rule.needs.as_str());
            writeln!(out, "{id} {name} ({severity}; needs {needs})\n\n  {}.\n  {}\n", rule.summary, rule.help)
        } else {
            writeln!(out, "{}  {severity:5}  {:8}  {:22}  {}", rule.id, rule.needs.as_str(), rule.name, rule.summary)
        }
    });
    written.and_then(|()| out.flush()).map_err(|error| Failure::write(&name, error, Outcome::default()))?;
    Ok(Code::Done)
}
