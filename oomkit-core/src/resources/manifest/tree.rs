//! YAML (and so JSON) as a tree that knows where everything stands: aliases shared, merge keys resolved, all bounded.

use super::text::Spot;
use granit_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::{HashMap, HashSet};

/// Nodes of one document; a large cluster's list of pods has millions.
const NODES: usize = 20_000_000;
/// Entries that merge keys may add in one document.
const MERGED: usize = 1_000_000;

/// One document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    at: Spot,
    value: Value,
}

#[derive(Debug)]
enum Value {
    Scalar { text: String, plain: bool },
    List(Vec<usize>),
    Map(Vec<(usize, usize)>),
}

/// Why a document could not be read.
#[derive(Debug, Clone)]
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) message: String,
}

/// Reads every document of `text`, whose first byte stands at `base`; a broken one does not stop the rest.
pub(super) fn documents(text: &str, base: usize, mut take: impl FnMut(Result<&Tree, Broken>)) {
    let mut options = granit_parser::options! { emit_unresolved_aliases: true };
    options.set_emit_comments(false);
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut build = Build { base, ..Build::default() };
    let mut skip = false;
    loop {
        let broken = match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok((Event::DocumentStart(..), _))) => {
                build = Build { base, ..Build::default() };
                skip = false;
                continue;
            }
            Some(Ok((Event::DocumentEnd, _))) => {
                if !skip && !build.tree.nodes.is_empty() {
                    take(Ok(&build.tree));
                }
                continue;
            }
            Some(Ok(_)) if skip => continue,
            Some(Ok((event, span))) => match build.event(event, span) {
                Ok(()) => continue,
                Err(broken) => {
                    take(Err(broken));
                    skip = true;
                    continue;
                }
            },
            Some(Err(error)) => {
                Broken { at: base + error.marker().byte_offset().unwrap_or(text.len()), message: error.info() }
            }
        };
        if !skip {
            take(Err(broken));
        }
        if !parser.proceed_next_document().unwrap_or(false) {
            break;
        }
    }
}

#[derive(Debug, Default)]
struct Build {
    base: usize,
    tree: Tree,
    /// Lists and maps that are not closed yet, with the key that waits for its value.
    open: Vec<(usize, Option<usize>)>,
    anchors: HashMap<usize, usize>,
    merged: usize,
}

impl Build {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Broken> {
        let range = span.byte_range().unwrap_or_default();
        let at = Spot { start: self.base + range.start, end: self.base + range.end.max(range.start) };
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                (Value::Scalar { text: text.into_owned(), plain }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => (Value::List(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => (Value::Map(Vec::new()), anchor),
            Event::Alias(id) => {
                let target = self.anchors.get(&id).copied();
                let node = target.filter(|target| self.open.iter().all(|(open, _)| open != target));
                let told = || Broken { at: at.start, message: "the alias stands inside what it names".to_owned() };
                return self.place(node.ok_or_else(told)?);
            }
            Event::UnresolvedAlias(name) => {
                let message = format!("nothing above is called &{name}, which this alias names");
                return Err(Broken { at: at.start, message });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((node, _)) = self.open.pop() {
                    self.tree.nodes[node].at.end = at.end.max(self.tree.nodes[node].at.start);
                    return self.merge(node);
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        if self.tree.nodes.len() >= NODES {
            return Err(Broken { at: at.start, message: format!("the document has more than {NODES} values") });
        }
        let node = self.tree.nodes.len();
        let opens = !matches!(value, Value::Scalar { .. });
        self.tree.nodes.push(Node { at, value });
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
        self.place(node)?;
        if opens {
            self.open.push((node, None));
        }
        Ok(())
    }

    fn place(&mut self, node: usize) -> Result<(), Broken> {
        let Some((parent, key)) = self.open.last_mut() else { return Ok(()) };
        match (&mut self.tree.nodes[*parent].value, key.take()) {
            (Value::List(items), _) => items.push(node),
            (Value::Map(entries), Some(key)) => entries.push((key, node)),
            (Value::Map(_), None) => *key = Some(node),
            (Value::Scalar { .. }, _) => {}
        }
        Ok(())
    }

    /// Takes the entries of `<<` into a closed map; its own entries come first.
    fn merge(&mut self, node: usize) -> Result<(), Broken> {
        let Value::Map(entries) = &self.tree.nodes[node].value else { return Ok(()) };
        let is_merge =
            |key: usize| matches!(&self.tree.nodes[key].value, Value::Scalar { text, plain: true } if text == "<<");
        if !entries.iter().any(|&(key, _)| is_merge(key)) {
            return Ok(());
        }
        let (merges, mut own): (Vec<_>, Vec<_>) = entries.iter().copied().partition(|&(key, _)| is_merge(key));
        let mut known: HashSet<&str> = own.iter().filter_map(|&(key, _)| self.tree.scalar(key)).collect();
        let mut added = 0;
        for (_, from) in merges {
            let maps = match &self.tree.nodes[from].value {
                Value::List(maps) => maps.clone(),
                _ => vec![from],
            };
            for map in maps {
                let Value::Map(entries) = &self.tree.nodes[map].value else { continue };
                added += entries.len();
                if self.merged + added > MERGED {
                    let message = format!("merge keys add more than {MERGED} entries to the document");
                    return Err(Broken { at: self.tree.nodes[node].at.start, message });
                }
                own.extend(
                    entries.iter().filter(|&&(key, _)| self.tree.scalar(key).is_none_or(|text| known.insert(text))),
                );
            }
        }
        self.merged += added;
        self.tree.nodes[node].value = Value::Map(own);
        Ok(())
    }
}

impl Tree {
    pub(super) fn root(&self) -> At<'_> {
        At { tree: self, node: 0 }
    }

    fn scalar(&self, node: usize) -> Option<&str> {
        match &self.nodes[node].value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// A node of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    tree: &'a Tree,
    node: usize,
}

impl<'a> At<'a> {
    fn value(self) -> &'a Value {
        &self.tree.nodes[self.node].value
    }

    fn sibling(self, node: usize) -> Self {
        Self { tree: self.tree, node }
    }

    pub(super) fn spot(self) -> Spot {
        self.tree.nodes[self.node].at
    }

    /// The entry of a map, with its key; of several the last, as Kubernetes reads it.
    pub(super) fn entry(self, name: &str) -> Option<(At<'a>, At<'a>)> {
        let Value::Map(entries) = self.value() else { return None };
        let found = entries.iter().rev().find(|(key, _)| self.tree.scalar(*key) == Some(name));
        found.map(|&(key, value)| (self.sibling(key), self.sibling(value)))
    }

    /// What stands under a key; nothing where it is null.
    pub(super) fn get(self, name: &str) -> Option<At<'a>> {
        self.entry(name).map(|(_, value)| value).filter(|value| !value.is_null())
    }

    /// Step by step down.
    pub(super) fn path(self, path: &[&str]) -> Option<At<'a>> {
        path.iter().try_fold(self, |at, name| at.get(name))
    }

    pub(super) fn is_null(self) -> bool {
        matches!(self.value(), Value::Scalar { text, plain: true } if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }

    pub(super) fn text(self) -> Option<&'a str> {
        self.tree.scalar(self.node)
    }

    /// Whether it is written without quotes, so that YAML may take it for a number.
    pub(super) fn is_plain(self) -> bool {
        matches!(self.value(), Value::Scalar { plain: true, .. })
    }

    pub(super) fn is_map(self) -> bool {
        matches!(self.value(), Value::Map(_))
    }

    pub(super) fn is_list(self) -> bool {
        matches!(self.value(), Value::List(_))
    }

    pub(super) fn items(self) -> impl Iterator<Item = At<'a>> {
        let items: &[usize] = match self.value() {
            Value::List(items) => items,
            _ => &[],
        };
        items.iter().map(move |&node| self.sibling(node))
    }

    pub(super) fn entries(self) -> impl Iterator<Item = (At<'a>, At<'a>)> {
        let entries: &[(usize, usize)] = match self.value() {
            Value::Map(entries) => entries,
            _ => &[],
        };
        entries.iter().map(move |&(key, value)| (self.sibling(key), self.sibling(value)))
    }

    /// `a string`, `a list` …: for messages.
    pub(super) fn shape(self) -> &'static str {
        match self.value() {
            Value::Scalar { .. } => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}
