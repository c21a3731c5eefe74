//! `oomkit explain`: the story of one event in plain words, each sentence with the fields that back it.
//!
//! A pure function of the event and the questions asked. What a rule rests on, and how far it goes, stands in
//! `docs/explain.md`.

mod advice;
mod allocation;
mod badness;
mod badness_rules;
mod memcg_limit;
mod memcg_usage;
mod memory_holders;
mod memory_request;
mod memory_usage;
mod model;
mod node_usage;
mod replay;
mod sentence;
mod swap;
mod term;
mod victim_choice;
mod visibility;
mod what_if;
mod zones;

pub use model::{
    Agreement, Candidate, Choice, CommandShare, Explanation, Holders, Number, Request, Sentence, Shortage, Topic, Unit,
    Use, UseKind, UserShare, Uses, WhatIfAnswer,
};
pub use what_if::WhatIf;

use crate::error::{Error, ErrorKind};
use crate::event::Event;
use crate::units::Bytes;

/// What is asked beside the story.
///
/// ```
/// use oomkit_core::diagnose::explain::Questions;
/// let questions = Questions::new().what_if("java:adj=-500")?.request("80Mi")?;
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Questions {
    what_if: Vec<WhatIf>,
    request: Option<Bytes>,
}

impl Questions {
    /// Nothing but the story.
    pub fn new() -> Self {
        Self::default()
    }

    /// Who would have been killed had this been different: `name:adj=-500`, `pid=42:adj=-500`, `name:rss=1Gi`. May be
    /// asked several times; each question stands alone.
    ///
    /// # Errors
    /// When the question cannot be read.
    pub fn what_if(mut self, question: &str) -> Result<Self, Error> {
        self.what_if.push(question.parse()?);
        Ok(self)
    }

    /// The memory request of the victim's container (or of the one that asked, where the victim is lost): says what
    /// memory the node has.
    ///
    /// # Errors
    /// When it is no Kubernetes quantity of at least one byte.
    pub fn request(mut self, quantity: &str) -> Result<Self, Error> {
        let bytes = what_if::parse_size(quantity).filter(|bytes| bytes.get() > 0).ok_or_else(|| {
            let expected = "a Kubernetes quantity such as `80Mi`";
            ErrorKind::Option { option: "request", value: quantity.to_owned(), expected }
        })?;
        self.request = Some(bytes);
        Ok(self)
    }
}

/// Explains one event.
///
/// ```
/// use oomkit_core::diagnose::explain::{Questions, explain};
/// let log = b"Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB";
/// let event = &oomkit_core::parse(log)[0];
/// let story = explain(event, &Questions::new());
/// assert!(story.sentences.iter().any(|s| s.text.starts_with("The kernel killed java (pid 7), which held anonymous 8.0 KiB")));
/// ```
pub fn explain(event: &Event, questions: &Questions) -> Explanation {
    let mut told = Explanation::required(event.id.clone(), Vec::new(), Vec::new(), event.verdict.clone());
    told.holders = memory_holders::holders(event);
    let mut out = Vec::new();
    visibility::missing(event, &mut out);
    allocation::explain(event, &mut told.shortages, &mut out);
    memcg_limit::explain(event, &mut told.shortages, &mut out);
    zones::explain(event, &mut told.shortages, &mut out);
    swap::explain(event, &mut told.shortages, &mut out);
    memory_holders::explain(event, &mut out);
    let parts = memory_usage::parts(event);
    if let Some(parts) = &parts {
        memory_usage::explain(event, parts, &mut out);
        told.uses = Some(memory_usage::uses(parts));
    }
    told.choice = victim_choice::explain(event, &mut out);
    told.what_if = questions.what_if.iter().map(|question| what_if::answer(event, question, &mut out)).collect();
    told.requests = memory_request::explain(event, questions.request, &mut out);
    visibility::explain(event, &mut out);
    advice::advise(event, parts.as_ref(), &told, &mut out);
    told.sentences = out;
    told
}
