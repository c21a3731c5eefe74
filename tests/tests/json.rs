//! `JsonWriter`: the same bytes as `serde_json`, whatever the value.

use oomkit_core::diagnose::explain::{Questions, explain};
use oomkit_core::json::JsonWriter;
use oomkit_core::{Item, Items, Options, Parser};
use oomkit_tests::captures;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

fn same(value: &(impl Serialize + ?Sized)) {
    let mut json = JsonWriter::default();
    let expected = serde_json::to_string(value).unwrap();
    assert_eq!(String::from_utf8_lossy(json.write(value).unwrap()), expected);
    assert_eq!(String::from_utf8_lossy(json.line(value).unwrap()), format!("{expected}\n"));
}

#[test]
fn text_with_every_character_that_needs_care() {
    for text in ["", "é", "\u{7f}", "\u{2028}\u{2029}", "\u{10ffff}", "\u{fffd}", "/</script>"] {
        same(text);
    }
    // each byte in each place of blocks of eight and sixteen
    for length in 0..40 {
        for at in 0..length {
            for odd in (0..0x30).chain([b'\\', 0x7f]) {
                let mut text = vec![b'x'; length];
                text[at] = odd;
                same(std::str::from_utf8(&text).unwrap());
            }
        }
    }
}

#[test]
fn numbers_to_their_ends() {
    same(&[i64::MIN, -1, 0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 99_999_999, 100_000_000, i64::MAX][..]);
    same(&[0, 1, u64::MAX][..]);
    same(&(0..20).map(|power| 10_u64.pow(power)).collect::<Vec<_>>());
    same(&vec![u32::MAX]);
    same(&vec![i32::MIN]);
    same(&vec![i8::MIN]);
    same(&vec![u8::MAX]);
    same(&vec![i16::MIN]);
    same(&vec![u16::MAX]);
    same(&vec![0.0, -0.0, 1e300, 5e-324, 0.1, 5.000208, f64::NAN, f64::INFINITY]);
    same(&vec![0.1_f32, f32::MAX]);
    same(&vec![i128::MIN]);
}

/// What events do not hold is written by the library as well.
#[test]
fn every_shape() {
    #[derive(Serialize)]
    enum Enum {
        Unit,
        New(u32),
        Tuple(u32, String),
        Struct { a: bool },
    }
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct Pair(u32, Option<char>);
    #[derive(Serialize)]
    struct Flat {
        a: (),
        #[serde(flatten)]
        rest: BTreeMap<String, u32>,
        a_name_that_is_longer_than_any_of_an_event_and_longer_than_a_line_of_memory: u8,
    }
    #[derive(Serialize)]
    struct Empty {}
    same(&vec![Enum::Unit, Enum::New(1), Enum::Tuple(2, "\"".to_owned()), Enum::Struct { a: true }]);
    same(&vec![Enum::Unit]);
    same(&vec![Unit]);
    same(&vec![Empty {}]);
    same(&vec![Some('"'), None]);
    same(&(Pair(1, Some('é')), Pair(2, None)));
    same(&Flat {
        a: (),
        rest: BTreeMap::from([("b\n".to_owned(), 1)]),
        a_name_that_is_longer_than_any_of_an_event_and_longer_than_a_line_of_memory: 0,
    });
    same(&BTreeMap::from([(1_u32, "a")]));
    same(&BTreeMap::from([(true, Vec::<u8>::new())]));
    same(&BTreeMap::from([('"', BTreeMap::<String, u8>::new())]));
    same(&Vec::<Value>::new());
}

#[test]
fn what_json_cannot_hold_is_the_same_error() {
    let map = BTreeMap::from([(vec![1], 1)]);
    let expected = serde_json::to_vec(&map).unwrap_err().to_string();
    let mut json = JsonWriter::default();
    assert_eq!(json.write(&map).unwrap_err().to_string(), expected);
    assert_eq!(json.line(&1).unwrap(), b"1\n");
}

#[test]
fn every_event_of_the_corpus() {
    let mut count = 0;
    for capture in captures() {
        for (_, log) in &capture.logs {
            let mut items = Items::default();
            let mut parser = Parser::new(Options::new().include_user(true).companions(true));
            let _ = parser.feed(log, &mut items);
            parser.finish(&mut items);
            for item in &items.0 {
                same(item);
                if let Item::Event(event) = item {
                    same(&**event);
                    same(&explain(event, &Questions::default()));
                }
                count += 1;
            }
        }
    }
    assert!(count > 1500, "{count} events and companions");
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|map| Value::Object(Map::from_iter(map))),
        ]
    })
}

proptest! {
    #[test]
    fn any_value(value in value()) {
        same(&value);
    }
}
