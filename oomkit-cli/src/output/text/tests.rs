//! Whole blocks, as people see them.

use super::super::sample;
use super::*;

fn plain(event: &Event, width: usize) -> String {
    anstream::adapter::strip_str(&block(event, width)).to_string()
}

#[test]
fn a_container_kill_tells_its_whole_story() {
    assert_eq!(plain(&sample::container_kill(), 100), include_str!("golden/container_kill.txt"));
}

#[test]
fn a_bare_kill_line_says_what_is_missing_and_sends_no_control_bytes() {
    assert_eq!(plain(&sample::bare_kill_line(), 100), include_str!("golden/bare_kill_line.txt"));
}

#[test]
fn a_node_kill_shows_what_the_node_had_left() {
    assert_eq!(plain(&sample::node_kill(), 100), include_str!("golden/node_kill.txt"));
}

#[test]
fn width_moves_words_but_loses_none() {
    let words = |width| {
        let text = plain(&sample::container_kill(), width);
        // bars are as wide as there is room
        text.replace(['█', '▏', '▍', '▋'], "").split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(words(60), words(140));
    for line in plain(&sample::container_kill(), 60).lines() {
        // a path stays whole
        assert!(line.chars().count() <= 60 || line.trim_start().len() > 45, "{line}");
    }
}

#[test]
fn no_colour_leaks_from_one_part_into_the_next() {
    let text = block(&sample::container_kill(), 100);
    let (mut on, mut off) = (0, 0);
    for sequence in text.split("\x1b[").skip(1) {
        if sequence.starts_with("0m") { off += 1 } else { on += 1 }
    }
    assert!(on >= off && off > 5, "{on} {off}");
    assert!(!text.contains("\x1b[2J") && !text.contains('\0'));
}

#[test]
fn what_a_user_process_wrote_is_told_as_a_claim() {
    let mut event = sample::bare_kill_line();
    event.source.origin = oomkit_core::event::Origin::User;
    let text = plain(&event, 100);
    assert!(text.contains("a user process wrote that") && text.contains("not by the kernel"), "{text}");
}

#[test]
fn blocks_are_apart_by_one_empty_line() {
    let mut out = Vec::new();
    let mut writer = TextWriter::new(&mut out, None);
    writer.event(&sample::bare_kill_line()).unwrap();
    writer.event(&sample::bare_kill_line()).unwrap();
    EventWriter::finish(&mut writer).unwrap();
    let text = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
    let one = include_str!("golden/bare_kill_line.txt");
    assert_eq!(text, format!("{one}\n{one}"));
}
