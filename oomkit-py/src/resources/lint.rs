//! Lint: the function; manifests, options and what was known before.

use super::rows::bytes;
use super::sources::{Kind, SourceArg, Unread, sources_of};
use super::{LintReport, manifests};
use crate::arguments::{Argument, function, strings};
use crate::error::{OomkitError, bad_option};
use crate::parts;
use oomkit_core::resources::lint::{Baseline, Facts, Linter, Report, Settings};
use pyo3::prelude::*;
use std::collections::BTreeMap;

function! {
    /// What is wrong with the memory that manifests and Compose files declare: `oomkit lint`.
    ///
    /// `manifests` are YAML or JSON: a path, `str` (with a line break, or beginning with `{` or `[`) or `bytes`, a `dict`, or a list
    /// of any of them. Of a directory all .yaml, .yml and .json below are read; compressed files and archives are recognised.
    /// Without it the `pods` are checked. All are checked together: a LimitRange speaks for its namespace.
    /// `name` is what text and plain objects are called in findings (else "manifests", in a list "manifests[0]"); lines and columns
    /// of a `dict` are those of `json.dumps(manifest, indent=2)`.
    /// `pods`, `nodes`, `metrics`, `usage`, `csv` and `events` are those of `overcommit()` and `waste()`: with them manifests are
    /// also compared with what was used and killed.
    /// `profile` is how bad each finding is: "prod", "dev" or "lain". `select` and `ignore` are ids of rules or their beginnings:
    /// "OM001,OM02", or a list.
    /// `baseline` leaves out what was known: an earlier `LintReport`, or what `--write-baseline` wrote, as a path, JSON or `dict`.
    /// `strict` raises `OomkitError` for a manifest that cannot be read; without it `LintReport.errors` tells, and the rest is
    /// checked.
    /// `max_ratio` (OM005) is the largest limit ∕ request. Bytes, or a quantity such as "4Mi": `min_memory` (OM006, 4Mi) is the
    /// least memory a container can mean, `max_memory` (OM011, 1Ti) the most where no node is known, `node_memory` the largest
    /// node's, `max_waste` (OM020, 290M) how much of a request may stay unused. `heap_share` (OM013) is how much of its limit a heap
    /// may take, `headroom` (OM041) the share of the nodes that must stay free, 0 to 1.
    /// `pod_templates` are further kinds that make pods, and the way to their template: {"Widget": "spec.template"}; `*` is every
    /// entry.
    ///
    /// The global interpreter lock is not held while reading. Raises `OSError` for a file that cannot be opened, `OomkitError`
    /// for content that is not what it should be (naming file, line, column, field) and for options that cannot be used.
    ///
    /// >>> pod = {"kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [
    /// ...     {"name": "app", "resources": {"limits": {"memory": "128m"}}}]}}
    /// >>> report = oomkit.resources.lint(pod, select="OM006")
    /// >>> [(found.id, found.severity, found.line, found.container, found.field) for found in report.findings]
    /// [('OM006', 'error', 12, 'app', 'limits.memory')]
    fn lint(
        py, manifests: Argument<'_, 'py> = None, sources(pods, nodes, metrics, usage, csv, events),
        name: Option<&str> = None, profile: &str = "prod", select: Argument<'_, 'py> = None,
        ignore: Argument<'_, 'py> = None, baseline: Argument<'_, 'py> = None, strict: bool = true,
        max_ratio: f64 = { Settings::default().max_ratio }, min_memory: Argument<'_, 'py> = None,
        max_memory: Argument<'_, 'py> = None, node_memory: Argument<'_, 'py> = None,
        heap_share: f64 = { Settings::default().heap_share }, max_waste: Argument<'_, 'py> = None,
        headroom: f64 = { Settings::default().headroom }, pod_templates: Option<BTreeMap<String, String>> = None,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut settings = Settings::default();
        settings.profile = profile.parse().map_err(bad_option)?;
        settings.select = ids("select", select)?;
        settings.ignore = ids("ignore", ignore)?;
        settings.max_ratio = positive("max_ratio", max_ratio)?;
        settings.heap_share = positive("heap_share", heap_share)?;
        settings.headroom = positive("headroom", headroom)?;
        let amount =
            |option, given: Argument<'_, '_>| given.map(|given| bytes(option, given).map(|bytes| bytes.get())).transpose();
        settings.min_memory = amount("min_memory", min_memory)?.unwrap_or(settings.min_memory);
        settings.max_memory = amount("max_memory", max_memory)?.unwrap_or(settings.max_memory);
        settings.node_memory = amount("node_memory", node_memory)?;
        settings.max_waste = amount("max_waste", max_waste)?.unwrap_or(settings.max_waste);
        settings.pod_templates = pod_templates.unwrap_or_default().into_iter().collect();
        let manifests = match manifests {
            Some(manifests) => sources_of(name.unwrap_or("manifests"), Some(manifests), Kind::Manifest)?,
            None => sources_of("pods", sources.pods, Kind::Manifest)?,
        };
        if manifests.is_empty() {
            return Err(OomkitError::new_err("nothing to check: give manifests, or pods"));
        }
        let sources = sources.sources()?;
        let known = baseline.map(Known::of).transpose()?;
        let report = py.detach(|| {
            let read = sources.read()?;
            let mut facts = Facts::default();
            facts.events = read.kills.events().to_vec();
            (facts.cluster, facts.usage) = (read.facts, read.usage);
            let known = known.map(Known::read).transpose()?;
            let mut linter = Linter::new(settings);
            manifests::read(&manifests, &mut linter)?;
            let mut report = linter.finish(&facts);
            if let Some(gone) = known.map(|known| known.apply(&mut report)).filter(|gone| *gone > 0) {
                let plural = if gone == 1 { "" } else { "s" };
                report.notes.push(format!("{gone} finding{plural} of the baseline are gone: write it anew"));
            }
            if strict {
                refuse(&report)?
            }
            Ok::<_, Unread>(only_json(report))
        });
        parts::object(py, Box::new(report?))
    }
}

/// `OM001,OM02`, or a list.
fn ids(option: &str, given: Argument<'_, '_>) -> PyResult<Vec<String>> {
    let given = strings(given)?;
    let ids = given.iter().flat_map(|ids| ids.split(',')).map(|id| {
        let id = id.trim().to_ascii_uppercase();
        let unknown = || OomkitError::new_err(format!("{option}: there is no rule {id:?}; docs/lint.md has all"));
        if Settings::is_id(&id) { Ok(id) } else { Err(unknown()) }
    });
    ids.collect()
}

fn positive(option: &str, number: f64) -> PyResult<f64> {
    if number.is_finite() && number >= 0.0 {
        return Ok(number);
    }
    Err(OomkitError::new_err(format!("{option}: expected a number that is not negative, not {number}")))
}

/// The first thing that could not be read.
fn refuse(report: &Report) -> Result<(), Unread> {
    let Some(first) = report.errors.first() else { return Ok(()) };
    let more = match report.errors.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more; strict=False tells all)"),
    };
    Err(Unread::Content(format!("{first}{more}")))
}

/// Without what only the texts of the command line need: a report is what its JSON says.
fn only_json(mut report: Report) -> Report {
    report.subjects.clear();
    let ignored = report.ignored.iter_mut().map(|ignored| &mut ignored.finding);
    report.findings.iter_mut().chain(ignored).for_each(|finding| finding.source_line.clear());
    report
}

/// What was found before.
enum Known {
    Report(Baseline),
    Sources(Vec<SourceArg>),
}

impl Known {
    fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        match given.cast::<LintReport>() {
            Ok(report) => Ok(Self::Report(Baseline::of(report.as_super().get().core()?))),
            Err(_) => Ok(Self::Sources(sources_of("baseline", Some(given), Kind::Json)?)),
        }
    }

    fn read(self) -> Result<Baseline, Unread> {
        let given = match self {
            Self::Report(baseline) => return Ok(baseline),
            Self::Sources(given) => given,
        };
        let mut all = Baseline::default();
        for given in given {
            given.each(|name, source| {
                let mut text = Vec::new();
                source.read_to_end(&mut text).map_err(|error| Unread::File(name.to_owned(), error))?;
                let known: Baseline = serde_json::from_slice(&text).map_err(|error| {
                    let expected = "expected a baseline as `oomkit lint --write-baseline` writes it";
                    let (line, column) = (error.line(), error.column());
                    Unread::Content(format!("{name}:{line}:{column}: {expected} ({error})"))
                })?;
                all.findings.extend(known.findings);
                Ok::<_, Unread>(())
            })?;
        }
        Ok(all)
    }
}
