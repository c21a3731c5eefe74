//! Who held the memory according to the task table, by command and by user.

use super::model::{CommandShare, Holders, Sentence, Topic, UserShare};
use super::sentence::{SentenceBuilder, plural, sentence};
use super::term::{Rows, Term};
use crate::event::{Constraint, Event, Scope, Task};
use crate::units::Bytes;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;

/// Entries of each list.
const MOST: usize = 20;

/// Commands and users that the text names.
const NAMED: usize = 3;

/// Rows with something in common, and their memory.
struct Group {
    /// The first of them.
    first: usize,
    rows: Rows,
    rss: u64,
    swap: Option<u64>,
    page_tables: Option<u64>,
}

impl Group {
    fn new(tasks: &[Task], rows: Vec<usize>) -> Self {
        let sum = |read: fn(&Task) -> Option<Bytes>| {
            let sizes = rows.iter().filter_map(|row| read(&tasks[*row]));
            sizes.reduce(Bytes::saturating_add).map(Bytes::get)
        };
        let rss = sum(|task| task.rss_bytes).unwrap_or(0);
        let (swap, page_tables) = (sum(|task| task.swap_bytes), sum(|task| task.page_tables_bytes));
        Self { first: rows.first().copied().unwrap_or(0), rows: Rows::new(rows, tasks.len()), rss, swap, page_tables }
    }

    fn all(tasks: &[Task]) -> Self {
        Self::new(tasks, (0..tasks.len()).collect())
    }

    fn held(&self) -> u64 {
        self.rss.saturating_add(self.swap.unwrap_or(0))
    }

    fn processes(&self) -> u64 {
        self.rows.len() as u64
    }

    fn rss_term(&self) -> Term {
        Term::sum("tasks", &self.rows, "rss_bytes", self.rss)
    }

    /// ` and 4.0 MiB in swap`, where there is any.
    fn add_swap(&self, say: SentenceBuilder) -> SentenceBuilder {
        say.maybe(self.swap.filter(|bytes| *bytes > 0), |say, swapped| {
            say.text(" and ").bytes(&Term::sum("tasks", &self.rows, "swap_bytes", swapped)).text(" in swap")
        })
    }
}

pub(super) fn holders(event: &Event) -> Option<Holders> {
    let tasks = &event.tasks;
    if tasks.is_empty() {
        return None;
    }
    let all = Group::all(tasks);
    let command = |group: &Group| CommandShare {
        comm: tasks[group.first].comm.clone(),
        comm_raw: tasks[group.first].comm_raw.clone(),
        processes: group.processes(),
        rss_bytes: Bytes(group.rss),
        swap_bytes: group.swap.map(Bytes),
        page_tables_bytes: group.page_tables.map(Bytes),
    };
    let user = |group: &Group| {
        let uid = tasks[group.first].uid?;
        let swap_bytes = group.swap.map(Bytes);
        Some(UserShare { uid, processes: group.processes(), rss_bytes: Bytes(group.rss), swap_bytes })
    };
    Some(Holders {
        processes: all.processes(),
        rss_bytes: Bytes(all.rss),
        swap_bytes: all.swap.map(Bytes),
        page_tables_bytes: all.page_tables.map(Bytes),
        by_command: commands(tasks).iter().take(MOST).map(command).collect(),
        by_user: users(tasks).iter().take(MOST).filter_map(user).collect(),
    })
}

pub(super) fn explain(event: &Event, out: &mut Vec<Sentence>) {
    let tasks = &event.tasks;
    if tasks.is_empty() {
        let text = "The log holds no task table, so who held the memory is not known.";
        sentence(Topic::Held).text(text).on("completeness").add_to(out);
        return;
    }
    let all = Group::all(tasks);
    let total = all.rss_term();
    let say = sentence(Topic::Held).text(scope(event)).count(&Term::count("tasks", &all.rows));
    let say = say.text(plural(tasks.len(), " process with ", " processes with ")).bytes(&total).text(" resident");
    all.add_swap(say).text(shared(tasks)).add_to(out);
    for group in commands(tasks).iter().take(NAMED).filter(|group| group.held() > 0) {
        let first = group.first;
        let say = sentence(Topic::Held).name(format!("tasks[{first}].comm"), &tasks[first].comm).text(": ");
        let say = say.count(&Term::count("tasks", &group.rows));
        let say = say.text(plural(group.rows.len(), " process, ", " processes, "));
        let held = group.rss_term();
        group.add_swap(say.bytes(&held).share(&held, &total)).end(out);
    }
    let users = users(tasks);
    if users.len() > 1 {
        let say = sentence(Topic::Held).text("By user: ");
        say.list(users.iter().take(NAMED), ", ", |say, group| {
            let first = group.first;
            let uid = Term::field(format!("tasks[{first}].uid"), tasks[first].uid.unwrap_or_default());
            say.text("uid ").count(&uid).text(" ").bytes(&group.rss_term())
        })
        .end(out);
    }
}

/// What the table lists.
fn scope(event: &Event) -> &'static str {
    match (&event.constraint, &event.scope) {
        (Constraint::Memcg, _) => "The cgroup and those below it held ",
        (_, Scope::Cpuset | Scope::MemoryPolicy) => "On those nodes could be killed: ",
        _ => "The task table lists ",
    }
}

fn shared(tasks: &[Task]) -> &'static str {
    if tasks.len() > 1 { " (pages that processes share are counted in each)." } else { "." }
}

fn commands(tasks: &[Task]) -> Vec<Group> {
    groups(tasks, |task| Some((&task.comm, &task.comm_raw)))
}

fn users(tasks: &[Task]) -> Vec<Group> {
    groups(tasks, |task| task.uid)
}

/// Rows by what they have in common, most memory first; equals by their first row.
fn groups<'t, K: Eq + Hash>(tasks: &'t [Task], key: impl Fn(&'t Task) -> Option<K>) -> Vec<Group> {
    let mut rows: HashMap<K, Vec<usize>> = HashMap::new();
    for (row, task) in tasks.iter().enumerate() {
        if let Some(key) = key(task) {
            rows.entry(key).or_default().push(row);
        }
    }
    let mut groups: Vec<Group> = rows.into_values().map(|rows| Group::new(tasks, rows)).collect();
    groups.sort_by_key(|group| (Reverse(group.held()), group.first));
    groups
}

/// The command that holds most, when it runs in many processes: its name's row, its rows, its memory and all memory.
pub(super) fn crowd(event: &Event) -> Option<(usize, Rows, Term, Term)> {
    let most = commands(&event.tasks).into_iter().next().filter(|group| group.rows.len() >= 8)?;
    let all = Group::all(&event.tasks);
    let (held, total) = (most.rss_term(), all.rss_term());
    (most.rss.saturating_mul(2) >= all.rss && all.rss > 0).then_some((most.first, most.rows, held, total))
}
