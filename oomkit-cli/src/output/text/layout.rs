//! Lines of a block: labels on the left, text wrapped beside them.

use anstyle::{AnsiColor, Style};

/// Stands for a space that no line break may replace. Never in a log's text: escaping removes it.
pub(super) const HARD_SPACE: char = '\0';

pub(super) const PLAIN: Style = Style::new();
pub(super) const STRONG: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
pub(super) const ALARM: Style = AnsiColor::Red.on_default().bold();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default();
pub(super) const NAME: Style = AnsiColor::Cyan.on_default();

/// Where the text beside the labels begins.
const INDENT: usize = 13;

/// The text of one event.
pub(super) struct Block {
    width: usize,
    out: String,
}

/// Keeps a text together on one line.
pub(super) fn unbroken(text: &str) -> String {
    text.replace(' ', HARD_SPACE.encode_utf8(&mut [0]))
}

impl Block {
    pub(super) fn new(width: usize) -> Self {
        Self { width, out: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.out.replace(HARD_SPACE, " ")
    }

    /// Columns beside the labels.
    pub(super) fn room(&self) -> usize {
        self.width.saturating_sub(INDENT)
    }

    /// The first line, from the left edge.
    pub(super) fn head(&mut self, parts: &[(Style, String)]) {
        self.wrap(parts, 0, 2);
        self.out.push('\n');
    }

    /// Text beside a label; an empty label continues the row above. No text, no row.
    pub(super) fn row(&mut self, label: &str, text: &str) {
        self.styled_row(label, &[(PLAIN, text.to_owned())]);
    }

    /// Like [`Block::row`], in parts of different styles.
    pub(super) fn styled_row(&mut self, label: &str, parts: &[(Style, String)]) {
        if parts.iter().all(|(_, text)| text.is_empty()) {
            return;
        }
        self.label(label);
        self.wrap(parts, INDENT, INDENT);
        self.out.push('\n');
    }

    /// A line as it is, beside a label.
    pub(super) fn line(&mut self, label: &str, text: &str) {
        self.label(label);
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn label(&mut self, label: &str) {
        let gap = INDENT.saturating_sub(2 + label.chars().count());
        self.out.push_str("  ");
        if !label.is_empty() {
            self.styled(NAME, label);
        }
        self.out.extend(std::iter::repeat_n(' ', gap));
    }

    /// Puts words on lines. A word that is longer than a line stays whole: paths must survive copying.
    fn wrap(&mut self, parts: &[(Style, String)], first: usize, indent: usize) {
        let words = parts.iter().flat_map(|(style, text)| text.split(' ').map(move |word| (*style, word)));
        let mut column = first;
        // words of one style that follow each other on a line
        let mut run: Option<(Style, String)> = None;
        for (style, word) in words.filter(|(_, word)| !word.is_empty()) {
            let length = word.chars().count();
            run = Some(match run.take() {
                None => (style, word.to_owned()),
                Some((before, text)) if column + 1 + length > self.width => {
                    self.styled(before, &text);
                    self.out.push('\n');
                    self.out.extend(std::iter::repeat_n(' ', indent));
                    column = indent;
                    (style, word.to_owned())
                }
                Some((before, text)) if before == style => {
                    column += 1;
                    (style, text + " " + word)
                }
                Some((before, text)) => {
                    self.styled(before, &text);
                    self.out.push(' ');
                    column += 1;
                    (style, word.to_owned())
                }
            });
            column += length;
        }
        if let Some((style, text)) = run {
            self.styled(style, &text);
        }
    }

    fn styled(&mut self, style: Style, text: &str) {
        use std::fmt::Write;
        // writing to a String does not fail
        let _ = write!(self.out, "{style}{text}{style:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_style_stay_one_text() {
        let mut block = Block::new(30);
        block.styled_row("L", &[(STRONG, "one two".to_owned()), (PLAIN, "three".to_owned())]);
        let text = block.finish();
        assert!(text.contains(&format!("{STRONG}one two{STRONG:#} three\n")), "{text:?}");
    }

    #[test]
    fn words_are_wrapped_beside_their_label_and_long_ones_stay_whole() {
        let mut block = Block::new(30);
        block.row("Label", "one two three four five");
        block.row("", &format!("/a/path/that/is/longer/than/the/line {}", unbroken("not broken up")));
        block.row("Empty", "");
        let plain = anstream::adapter::strip_str(&block.finish()).to_string();
        assert_eq!(
            plain,
            "  Label      one two three\n             four five\n             /a/path/that/is/longer/than/the/line\n             \
             not broken up\n"
        );
    }
}
