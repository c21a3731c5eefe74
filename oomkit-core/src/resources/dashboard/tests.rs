//! What Grafana expects of a dashboard.

use super::*;
use crate::resources::rules::Naming;
use std::collections::BTreeSet;

fn usual() -> Value {
    dashboard(&DashboardOptions::default())
}

fn panels(board: &Value) -> &Vec<Value> {
    board["panels"].as_array().unwrap()
}

#[test]
fn panels_have_ids_of_their_own_and_no_two_share_a_place() {
    let board = usual();
    let ids: BTreeSet<u64> = panels(&board).iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels(&board).len());
    let mut taken = BTreeSet::new();
    for panel in panels(&board) {
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().unwrap());
        assert!(x + w <= 24 && w > 0 && h > 0, "{panel}");
        for place in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
            assert!(taken.insert(place), "{} overlaps another", panel["title"]);
        }
    }
}

#[test]
fn every_query_is_of_the_chosen_datasource_and_has_a_letter_of_its_own() {
    let board = usual();
    for panel in panels(&board).iter().filter(|panel| panel["type"] != "row") {
        let targets = panel["targets"].as_array().unwrap();
        let letters: BTreeSet<&str> = targets.iter().map(|target| target["refId"].as_str().unwrap()).collect();
        assert_eq!(letters.len(), targets.len());
        for thing in targets.iter().chain([panel]) {
            assert_eq!(
                thing["datasource"],
                json!({"type": "prometheus", "uid": "${datasource}"}),
                "{}",
                panel["title"]
            );
        }
        assert!(!panel["description"].as_str().unwrap().is_empty());
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string());
    }
    assert_eq!((&board["id"], &board["uid"]), (&Value::Null, &json!("oomkit-memory")));
}

#[test]
fn sizes_are_shown_in_the_units_of_kubernetes() {
    // `decbytes` would show 2.9 GB where everything else says 2.7 GiB
    let board = usual();
    let units: BTreeSet<&str> =
        panels(&board).iter().filter_map(|panel| panel["fieldConfig"]["defaults"]["unit"].as_str()).collect();
    assert_eq!(units, BTreeSet::from(["bytes", "dateTimeFromNow", "none", "percentunit"]));
}

#[test]
fn without_a_clusters_label_there_is_no_choice_of_clusters() {
    let naming = Naming::default().cluster_label("").unwrap().prefix("mem").unwrap();
    let options = DashboardOptions { naming, ..DashboardOptions::default() };
    let text = dashboard(&options).to_string();
    assert!(!text.contains("$cluster") && !text.contains("oomkit:") && text.contains("mem:pod_memory_waste:bytes"));
    let names = |board: &Value| -> Vec<String> {
        let list = board["templating"]["list"].as_array().unwrap().clone();
        list.iter().map(|variable| variable["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&usual()), ["datasource", "cluster", "namespace"]);
    assert_eq!(names(&dashboard(&options)), ["datasource", "namespace"]);
}

#[test]
fn a_config_map_holds_the_very_same_dashboard() {
    let yaml = config_map(&usual(), "memory", Some("monitoring"), &BTreeMap::from([("a".to_owned(), "1".to_owned())]));
    let block = yaml.split_once("  memory.json: |\n").unwrap().1.split_once("kind: ConfigMap").unwrap().0;
    assert_eq!(serde_json::from_str::<Value>(block).unwrap(), usual());
    assert!(
        yaml.ends_with(
            "kind: ConfigMap\nmetadata:\n  labels:\n    a: \"1\"\n  name: memory\n  namespace: monitoring\n"
        ),
        "{yaml}"
    );
}
