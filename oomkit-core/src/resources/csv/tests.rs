//! Tables as people write them, as we write them, and as they go wrong.

use super::Csv;
use crate::resources::measure::{By, Selection, Statistic, overcommit, waste};
use crate::resources::{Basis, ClusterFacts, Quality, Usage};
use crate::units::Bytes;

fn read(text: &str) -> Result<(ClusterFacts, Usage, Vec<String>), String> {
    let (mut facts, mut usage, mut csv) = (ClusterFacts::default(), Usage::default(), Csv::default());
    csv.read("t.csv", text.as_bytes()).map_err(|error| error.to_string())?;
    let notes = csv.finish(&mut facts, &mut usage).map_err(|error| error.to_string())?;
    Ok((facts, usage, notes))
}

const TABLE: &str = "cluster,namespace,workload,pod,container,node,request_bytes,limit_bytes,usage_bytes,window,basis\n\
    ,shop,Deployment/web,web-1,app,n1,1Gi,4294967296,300Mi,7d,working_set\n\
    ,shop,Deployment/web,web-1,proxy,n1,64Mi,,,,\n\
    ,shop,Deployment/web,web-2,app,n2,1Gi,0,,,\n";

#[test]
fn a_table_holds_pods_their_containers_and_what_they_used() {
    let (facts, usage, notes) = read(TABLE).unwrap();
    assert!(notes.is_empty());
    assert_eq!(facts.pods().len(), 2);
    let web = &facts.pods()[0];
    assert_eq!((web.workload.to_string().as_str(), web.node.as_deref()), ("Deployment/web", Some("n1")));
    let over = overcommit(&facts, &Selection::default());
    // empty is unbounded, 0 is a limit of nothing
    assert_eq!((over.totals.overcommit_bytes, over.totals.unbounded_containers), (Bytes(3 << 30), 1));
    let wasted = waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &Selection::default());
    assert_eq!((wasted.totals.waste_bytes, wasted.rows[0].window_seconds), (Bytes(724 << 20), Some(7 * 86_400)));
    assert_eq!(wasted.rows[0].quality, Some(Quality::Instant), "one point, whatever its window");
}

#[test]
fn cells_may_be_quoted_and_lines_end_as_they_like() {
    let text = "\u{feff}pod,request_bytes,limit_bytes,points\r\n\r\n\"a,\"\"b\"\"\",1e3,\"2k\",100\r\n'=cmd,1,2,";
    let (facts, ..) = read(text).unwrap();
    let names: Vec<&str> = facts.pods().iter().map(|pod| pod.name.as_str()).collect();
    assert_eq!(names, ["=cmd", "a,\"b\""]);
    let totals = overcommit(&facts, &Selection::default()).totals;
    assert_eq!((totals.request_bytes, totals.overcommit_bytes), (Bytes(1001), Bytes(1001)));
}

#[test]
fn what_is_wrong_is_told_with_line_and_column() {
    let header = "namespace,pod,request_bytes,limit_bytes\n";
    for (text, said) in [
        (String::new(), "t.csv: is empty; expected CSV with a header such as namespace,".to_owned()),
        ("shop,web-1,1Gi,2Gi\n".to_owned(), "t.csv:1:1: \"shop\" is no column; expected CSV with a header".to_owned()),
        ("pod,limit\n".to_owned(), "t.csv:1:5: \"limit\" is no column of this table; known are cluster, ".to_owned()),
        ("pod,pod\n".to_owned(), "t.csv:1:5: column pod stands twice".to_owned()),
        ("pod,node\n".to_owned(), "t.csv:1:1: there is no column of sizes".to_owned()),
        ("usage_bytes\n".to_owned(), "t.csv:1:1: there is no column of names".to_owned()),
        (
            format!("{header}\nd,a,1gi,\n"),
            "t.csv:3:5: request_bytes: \"1gi\" is not a quantity: there is no suffix \"gi\"; write Gi".to_owned(),
        ),
        (format!("{header}d,\"a\nb\",1,-1\n"), "t.csv:3:6: limit_bytes: -1 is negative".to_owned()),
        (
            format!("{header}d,a,1,2\nd,a,1\n"),
            "t.csv:3:5: expected 4 cells, as in the header, and there are 3".to_owned(),
        ),
        (
            "pod,usage_bytes,window\na,1,soon\n".to_owned(),
            "t.csv:2:5: window: \"soon\" is not a time such as 7d, 24h or 604800s".to_owned(),
        ),
        (
            "pod,usage_bytes,basis\na,1,wss\n".to_owned(),
            "t.csv:2:5: basis: \"wss\" is not one of working_set, rss, usage, usage_minus_cache, anon_shmem".to_owned(),
        ),
        (
            format!("{header}d,\"{}", "a".repeat(70_000)),
            "t.csv:2:3: a cell of more than 64 KiB: is a quote not closed?".to_owned(),
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.starts_with(&said), "{error}\n{said}");
    }
    let clusters = "cluster,pod,request_bytes\na,p,1\nb,p,1\n";
    assert_eq!(read(clusters).unwrap_err(), "tables of several clusters (a, b): give those of one at a time");
}

#[test]
fn rows_that_sum_up_several_containers_keep_their_sums() {
    // one container with a limit of 7 and a request of 3, and two without a limit that request 2 together
    let text =
        "namespace,request_bytes,limit_bytes,known_limit_bytes,overcommit_bytes,unbounded_containers\nd,5,,7,4,2\n";
    let (facts, ..) = read(text).unwrap();
    let by = |by| Selection { by, ..Selection::default() };
    let row = &overcommit(&facts, &by(By::Namespace)).rows[0];
    assert_eq!((row.request_bytes, row.known_limit_bytes, row.overcommit_bytes), (Bytes(5), Some(Bytes(7)), Bytes(4)));
    assert_eq!(row.unbounded_containers, 2);
    let text = "namespace,request_bytes,usage_bytes,waste_bytes,deficit_bytes,points\nd,11,12,6,7,3\n";
    let (facts, usage, notes) = read(text).unwrap();
    let row = &waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &by(By::Namespace)).rows[0];
    assert_eq!((row.waste_bytes, row.deficit_bytes, row.request_bytes), (Bytes(6), Bytes(7), Bytes(11)));
    assert_eq!((row.usage_bytes, row.points), (Bytes(12), 3));
    assert_eq!(notes, ["the table has no column limit_bytes: its containers count as unbounded"]);
}
