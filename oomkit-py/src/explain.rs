//! The story of one event.

use crate::arguments::{Argument, strings};
use crate::error::bad_option;
use crate::parts::{self, Event};
use oomkit_core::diagnose::explain::{Questions, explain as core_explain};
use pyo3::prelude::*;

/// The story of one event in plain words: who asked and why the kernel could not give it, who held the memory, what no
/// process explains, whether the kernel's choice follows from its own scores, and what to do about it.
///
/// `what_if` asks who would have been killed had one thing been different: "java:adj=-500", "pid=42:adj=0",
/// "java:rss=1Gi,swap=0"; one question or several.
/// `request` is the memory request of the victim's container, a Kubernetes quantity such as "80Mi": with the container's
/// `oom_score_adj` it tells how much memory the node has.
///
/// Each sentence lists the fields of the event that back it, and each number how it follows from them. Raises
/// `OomkitError` for a question or quantity that cannot be read.
#[pyfunction]
#[pyo3(signature = (event, /, *, what_if=None, request=None))]
pub(crate) fn explain<'py>(
    event: &Bound<'py, Event>,
    what_if: Argument<'_, '_>,
    request: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut questions = Questions::new();
    for question in strings(what_if)? {
        questions = questions.what_if(&question).map_err(bad_option)?;
    }
    if let Some(quantity) = request {
        questions = questions.request(quantity).map_err(bad_option)?;
    }
    let core = event.as_super().get().core()?;
    let explanation = event.py().detach(|| core_explain(core, &questions));
    parts::object(event.py(), Box::new(explanation))
}
