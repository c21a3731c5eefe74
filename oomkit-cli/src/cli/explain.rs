//! `oomkit explain`: its options and its help.

use super::output::TargetArgs;
use super::{ClusterArgs, InputArgs};
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::diagnose::explain::Questions;

/// Tell the story of each kill in plain words, with the numbers it rests on
///
/// Who asked for how much and why the kernel could not give it, who held the memory, what no process explains, whether
/// the kernel's choice follows from its own scores, and what to do about it. Uses the evidence of all inputs together.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, DETAILS].concat())]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) questions: QuestionArgs,

    /// What to print: text, or JSON with the fields behind each sentence
    #[arg(short, long, value_enum, default_value_t = StoryFormat::Text, help_heading = "Output")]
    pub(crate) format: StoryFormat,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// What to explain, and what to ask beside it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Questions")]
pub(crate) struct QuestionArgs {
    /// Explain only this event: its id or the beginning of it; may be given several times
    #[arg(long, value_name = "ID")]
    pub(crate) event: Vec<String>,

    /// Who would have been killed had this been different: `java:adj=-500`, `pid=42:adj=0`, `java:rss=1Gi,swap=0`; may be
    /// given several times, each question stands alone
    #[arg(long, value_name = "QUESTION", value_parser = what_if)]
    pub(crate) what_if: Vec<String>,

    /// The memory request of the container: says what memory the node has, by the container's oom_score_adj
    #[arg(long, value_name = "QUANTITY", value_parser = request)]
    pub(crate) request: Option<String>,
}

/// Forms of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoryFormat {
    /// Paragraphs to read for each event
    Text,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
}

impl QuestionArgs {
    /// In the core's words.
    ///
    /// # Errors
    /// The core's; the value parsers have told them already.
    pub(crate) fn questions(&self) -> Result<Questions, String> {
        let mut questions = Questions::new();
        for question in &self.what_if {
            questions = questions.what_if(question).map_err(|e| e.to_string())?;
        }
        match &self.request {
            Some(quantity) => questions.request(quantity).map_err(|e| e.to_string()),
            None => Ok(questions),
        }
    }
}

fn what_if(text: &str) -> Result<String, String> {
    Questions::new().what_if(text).map(|_| text.to_owned()).map_err(|e| e.to_string())
}

fn request(text: &str) -> Result<String, String> {
    Questions::new().request(text).map(|_| text.to_owned()).map_err(|e| e.to_string())
}

const EXAMPLES: &str = "\
Examples:
  oomkit explain /var/log/messages                 the story of each kill
  dmesg | oomkit explain --what-if java:adj=-500   and had java been protected?
  oomkit explain --request 80Mi messages           how much memory the node has
  oomkit explain --event 1c0e03 -f json messages   one event, with its evidence
";

const DETAILS: &str = "
Scores:
  The kernel kills the row with the most points: resident memory, swap and page
  tables in pages, and for each point of oom_score_adj a thousandth of the limit
  (or of RAM and swap). The replay follows the rules of the kernel that wrote
  the dump. Kernels before 2.6.36 used run times, which no dump holds.

Whole log:
  All inputs are read before the first word is printed, because a later dump of
  the same container, or a line of kubelet or containerd, may settle whether
  Kubernetes could see the kill.

JSON:
  Each sentence lists the fields of the event that back it, and each number how
  it follows from them: `memcg.memory.limit_bytes / page_size_bytes`. The event
  itself is what `oomkit parse -f jsonl` prints under the same id.

Exit codes:
  0  done, also when nothing was found
  2  wrong usage, no event with the id given, or an input or the output failed
";

#[cfg(test)]
mod tests {
    use crate::cli::Cli;
    use clap::Parser;

    #[test]
    fn questions_that_cannot_be_read_are_usage_errors() {
        for wrong in [["--what-if", "java"], ["--what-if", "java:adj=9999"], ["--request", "80MB"], ["--request", "0"]]
        {
            let error = Cli::try_parse_from(["oomkit", "explain"].iter().chain(&wrong)).unwrap_err().to_string();
            assert!(error.contains("80Mi") || error.contains("name:adj=-500"), "{error}");
        }
        let right =
            ["oomkit", "explain", "--what-if", "a b:adj=-500", "--what-if", "pid=7:rss=1Gi", "--request", "80Mi"];
        assert!(Cli::try_parse_from(right).is_ok());
    }
}
