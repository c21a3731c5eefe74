//! Reads the files of pods and nodes that stand beside the logs.

use crate::cli::{ClusterArgs, EventsArgs, MetricsArgs, PrometheusArgs, TableArgs, UsageArgs};
use crate::input::refuse_output_among;
use crate::outcome::{Failure, reason};
use crate::output::escape;
use crate::prometheus;
use oomkit_core::resources::prometheus::Wanted;
use oomkit_core::resources::{ClusterFacts, Csv, Kills, RawSeries, Scrape, Usage};
use oomkit_source::Source;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

impl ClusterArgs {
    /// What the files hold; `None` when none are given.
    ///
    /// # Errors
    /// A file that cannot be read or is not what `kubectl` prints. Unlike a log, it is not passed over: kills joined to
    /// half a cluster would be judged wrongly.
    pub(crate) fn read(&self, logs: &[PathBuf]) -> Result<Option<ClusterFacts>, Failure> {
        let files: Vec<&PathBuf> = self.pods.iter().chain(&self.nodes).collect();
        let stdin = Path::new("-");
        let readers_of_stdin = files.iter().filter(|path| ***path == stdin).count()
            + usize::from(logs.is_empty() || logs.iter().any(|path| path == stdin));
        if files.iter().any(|path| **path == stdin) && readers_of_stdin > 1 {
            return Err(Failure::Usage(
                "standard input (-) can be read only once: as a log, --pods or --nodes".to_owned(),
            ));
        }
        let mut facts = ClusterFacts::default();
        for path in &files {
            read(&mut facts, path).map_err(Failure::Usage)?;
        }
        Ok((!files.is_empty()).then_some(facts))
    }
}

/// What a measure is taken of.
pub(crate) struct Measured {
    pub(crate) facts: ClusterFacts,
    pub(crate) usage: Usage,
    /// What the metrics hold, as it is.
    pub(crate) series: RawSeries,
    /// What a reader should know of the sources.
    pub(crate) notes: Vec<String>,
}

/// Objects and usage for a measure: from the files named, else objects from standard input. Objects outrank metrics. Of a
/// Prometheus only what is wanted is asked.
///
/// # Errors
/// A file that cannot be read or is not what it should be; a server that does not answer.
pub(crate) fn measured(
    cluster: &ClusterArgs,
    metrics: &MetricsArgs,
    usage: &UsageArgs,
    table: &TableArgs,
    wanted: Wanted,
) -> Result<Measured, Failure> {
    let stdin = PathBuf::from("-");
    let mut objects: Vec<&PathBuf> = cluster.pods.iter().chain(&cluster.nodes).collect();
    if objects.is_empty() && metrics.is_empty() {
        objects.push(&stdin);
        if io::stdin().is_terminal() {
            let remedy = "give --pods FILE, or pipe `kubectl get pods,nodes -A -o json` in";
            return Err(Failure::Usage(format!("no objects: {remedy}")));
        }
    }
    let metrics_files = metrics.metrics.iter().chain(&metrics.csv);
    let files = objects.iter().copied().chain(metrics_files).chain(&usage.usage).cloned();
    let files: Vec<PathBuf> = files.chain(metrics.prometheus.files()).collect();
    refuse_output_among(&files, table.target.output.as_deref())?;
    if files.iter().filter(|path| **path == stdin).count() > 1 {
        let options = "--pods, --nodes, --metrics, --prometheus, --csv or --usage";
        return Err(Failure::Usage(format!("standard input (-) can be read only once: as {options}")));
    }
    taken(cluster, &objects, metrics, usage, wanted)
}

/// Objects and usage from the files named, and from nowhere else.
///
/// # Errors
/// As [`measured`].
pub(crate) fn gathered(
    cluster: &ClusterArgs,
    metrics: &MetricsArgs,
    usage: &UsageArgs,
    wanted: Wanted,
) -> Result<Measured, Failure> {
    let objects: Vec<&PathBuf> = cluster.pods.iter().chain(&cluster.nodes).collect();
    taken(cluster, &objects, metrics, usage, wanted)
}

fn taken(
    cluster: &ClusterArgs,
    objects: &[&PathBuf],
    metrics: &MetricsArgs,
    usage: &UsageArgs,
    mut wanted: Wanted,
) -> Result<Measured, Failure> {
    let (mut facts, mut used, mut scrape) =
        (ClusterFacts::default(), Usage::default(), Scrape::default().keeping_series());
    for path in &metrics.metrics {
        each(path, |name, source| scrape.read(name, source)).map_err(Failure::Usage)?;
    }
    // objects outrank metrics: what they tell need not be asked
    wanted.pods &= cluster.pods.is_empty();
    let mut notes = Vec::new();
    for source in &metrics.prometheus.prometheus {
        if PrometheusArgs::is_url(source) {
            notes.extend(prometheus::ask(&metrics.prometheus, source, wanted, &mut scrape)?);
        } else {
            let mut read = |name: &str, source: &mut Source| {
                scrape.read_response(name, source).map(|answer| prometheus::tell(&answer, &mut notes))
            };
            each(Path::new(source), &mut read).map_err(Failure::Usage)?;
        }
    }
    let series = scrape.take_series();
    notes.extend(scrape.finish(&mut facts, &mut used).map_err(|why| {
        let remedy =
            if metrics.prometheus.prometheus.is_empty() { "" } else { "; --selector 'cluster=\"NAME\"' picks one" };
        Failure::Usage(format!("{why}{remedy}"))
    })?);
    for path in objects.iter().copied() {
        read(&mut facts, path).map_err(Failure::Usage)?;
    }
    for path in &usage.usage {
        each(path, |name, source| used.read_json(name, source)).map_err(Failure::Usage)?;
    }
    let mut csv = Csv::default();
    for path in &metrics.csv {
        each(path, |name, source| csv.read(name, source)).map_err(Failure::Usage)?;
    }
    notes.extend(csv.finish(&mut facts, &mut used).map_err(|error| Failure::Usage(error.to_string()))?);
    Ok(Measured { facts, usage: used, series, notes })
}

impl EventsArgs {
    /// The kills of the files named.
    ///
    /// # Errors
    /// A file that cannot be read or holds something else.
    pub(crate) fn read(&self, table: &TableArgs) -> Result<Kills, Failure> {
        if self.events.iter().any(|path| path == Path::new("-")) {
            return Err(Failure::Usage("--events - is not read: standard input is for --pods and the like".to_owned()));
        }
        refuse_output_among(&self.events, table.target.output.as_deref())?;
        self.kills()
    }

    /// The same, standard input included.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) fn kills(&self) -> Result<Kills, Failure> {
        let mut kills = Kills::default();
        for path in &self.events {
            each(path, |name, source| kills.read(name, source)).map_err(Failure::Usage)?;
        }
        Ok(kills)
    }
}

/// Reads pods and nodes from a file, or from the files of an archive.
fn read(facts: &mut ClusterFacts, path: &Path) -> Result<(), String> {
    each(path, |name, source| facts.read(name, source).map(drop))
}

/// Opens a file, undoes its compression, and hands over what is in it.
fn each(path: &Path, mut read: impl FnMut(&str, &mut Source) -> Result<(), oomkit_core::Error>) -> Result<(), String> {
    let name = path.to_string_lossy();
    let reader: Box<dyn Read + Send> = match &*name {
        "-" => Box::new(io::stdin()),
        _ => Box::new(File::open(path).map_err(|error| told(&name, &reason(&error)))?),
    };
    let mut source = Source::open(&*name, reader).map_err(|error| told(&name, &reason(&error)))?;
    while source.advance().map_err(|error| told(source.name(), &reason(&error)))? {
        let member = source.name().to_owned();
        read(&member, &mut source).map_err(|error| escape::text(&error.to_string()).into_owned())?;
    }
    Ok(())
}

fn told(name: &str, reason: &str) -> String {
    format!("{}: {reason}", escape::text(name))
}
