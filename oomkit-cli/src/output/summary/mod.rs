//! A summary in its four forms.

mod csv;
mod markdown;
mod tables;
mod text;

use super::Target;
use crate::cli::SummaryFormat;
use oomkit_core::summary::Report;
use std::io::{self, Write};

/// Writes a report, whole.
///
/// # Errors
/// The target's.
pub(crate) fn write(report: &Report, format: SummaryFormat, target: Target) -> io::Result<()> {
    match format {
        SummaryFormat::Text => {
            let mut out = target.colored();
            out.write_all(text::page(report).as_bytes())?;
            out.flush()
        }
        SummaryFormat::Markdown => {
            let mut out = target.plain();
            out.write_all(markdown::page(report).as_bytes())?;
            out.flush()
        }
        SummaryFormat::Json => {
            let mut out = target.plain();
            serde_json::to_writer_pretty(&mut out, report)?;
            out.write_all(b"\n")?;
            out.flush()
        }
        SummaryFormat::Csv => csv::write(report, target.plain()),
    }
}
