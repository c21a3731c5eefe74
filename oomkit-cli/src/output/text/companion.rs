//! One line for each companion: when, where, who said what, and of which event.

use super::headline::when;
use super::layout::{FAINT, NAME};
use crate::output::escape::text;
use oomkit_core::event::Companion;

/// Longest part of a message that is shown, in characters.
const LONGEST: usize = 240;

/// `Nov 23 17:13:36  host  systemd: a.service: … (belongs to event 1c0e…)`, coloured.
pub(super) fn line(companion: &Companion) -> String {
    let stamp =
        companion.time.text.as_deref().map_or_else(|| when(&companion.time), |written| text(written).into_owned());
    let host = companion.host.as_deref().map(|host| format!("  {NAME}{}{NAME:#}", text(host)));
    let mut message = companion.message.trim();
    let cut = message.char_indices().nth(LONGEST).map(|(at, _)| at);
    message = cut.map_or(message, |at| &message[..at]);
    let belongs = match &companion.event_id {
        Some(id) => format!(" {FAINT}(belongs to event {}){FAINT:#}", text(id)),
        None => String::new(),
    };
    format!(
        "{FAINT}{stamp}{FAINT:#}{}  {}: {}{}{belongs}\n",
        host.unwrap_or_default(),
        text(companion.actor.as_str()),
        text(message),
        if cut.is_some() { "…" } else { "" },
    )
}
