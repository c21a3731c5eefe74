//! The story of one event: paragraphs beside their topics.

use super::layout::{ALARM, Block, PLAIN, unbroken};
use super::{cluster, headline, trust};
use crate::output::escape;
use oomkit_core::Event;
use oomkit_core::diagnose::explain::{Explanation, Sentence, Topic};

/// Topics in the order of reading, with their labels. Sentences of `true` ones stand on lines of their own.
const TOPICS: [(Topic, &str, bool); 11] = [
    (Topic::Missing, "Missing", false),
    (Topic::Asked, "Asked", false),
    (Topic::Limit, "Limit", false),
    (Topic::Node, "Node", false),
    (Topic::Held, "Held by", true),
    (Topic::Unseen, "Used for", false),
    (Topic::Killed, "Killed", false),
    (Topic::WhatIf, "What if", true),
    (Topic::Request, "Request", true),
    (Topic::Verdict, "Seen", false),
    (Topic::Advice, "Advice", true),
];

/// One event's block, coloured.
pub(super) fn block(event: &Event, told: &Explanation, width: usize) -> String {
    let mut block = Block::new(width);
    headline::write(event, &mut block);
    for (topic, label, apart) in &TOPICS {
        let sentences: Vec<String> = told.sentences.iter().filter(|s| s.topic == *topic).map(shown).collect();
        if *apart {
            for (number, sentence) in sentences.iter().enumerate() {
                block.row(if number == 0 { label } else { "" }, sentence);
            }
        } else if *topic == Topic::Killed && !sentences.is_empty() {
            let rest = sentences[1..].join(" ");
            block.styled_row(label, &[(ALARM, sentences[0].clone()), (PLAIN, rest)]);
        } else {
            block.row(label, &sentences.join(" "));
        }
    }
    cluster::pod(event, &mut block);
    cluster::visibility(event, &mut block);
    trust::source(event, &mut block);
    block.finish()
}

/// Safe on a terminal; numbers are kept with their units.
fn shown(sentence: &Sentence) -> String {
    let mut text = String::new();
    let mut rest = sentence.text.as_str();
    for number in &sentence.numbers {
        let Some((before, after)) = rest.split_once(&number.text) else { continue };
        text.push_str(&escape::text(before));
        text.push_str(&unbroken(&number.text));
        rest = after;
    }
    text.push_str(&escape::text(rest));
    text
}
