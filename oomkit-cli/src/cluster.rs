//! Reads the files of pods and nodes that stand beside the logs.

use crate::cli::ClusterArgs;
use crate::outcome::{Failure, reason};
use crate::output::escape;
use oomkit_core::resources::ClusterFacts;
use oomkit_source::Source;
use std::fs::File;
use std::io::{self, Read};
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

fn read(facts: &mut ClusterFacts, path: &Path) -> Result<(), String> {
    let name = path.to_string_lossy();
    let reader: Box<dyn Read + Send> = match &*name {
        "-" => Box::new(io::stdin()),
        _ => Box::new(File::open(path).map_err(|error| told(&name, &reason(&error)))?),
    };
    let mut source = Source::open(&*name, reader).map_err(|error| told(&name, &reason(&error)))?;
    while source.advance().map_err(|error| told(source.name(), &reason(&error)))? {
        let member = source.name().to_owned();
        facts.read(&member, &mut source).map_err(|error| escape::text(&error.to_string()).into_owned())?;
    }
    Ok(())
}

fn told(name: &str, reason: &str) -> String {
    format!("{}: {reason}", escape::text(name))
}
