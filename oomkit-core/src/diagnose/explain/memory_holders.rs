//! Who held the memory, by command and by user.

use super::model::{CommandShare, Holders, Sentence, Topic, UserShare};
use super::sentence::{plural, sentence};
use super::term::{Rows, Term};
use crate::event::{Constraint, Event, Scope, Task};
use crate::units::Bytes;
use std::collections::HashMap;
use std::hash::Hash;

/// Entries of each list.
const MOST: usize = 20;

/// Commands and users that the text names.
const NAMED: usize = 3;

/// Rows with something in common, and their memory.
struct Group {
    rows: Vec<usize>,
    rss: u64,
    swap: Option<u64>,
    page_tables: Option<u64>,
}

impl Group {
    fn held(&self) -> u64 {
        self.rss.saturating_add(self.swap.unwrap_or(0))
    }
}

pub(super) fn holders(event: &Event) -> Option<Holders> {
    let tasks = &event.tasks;
    if tasks.is_empty() {
        return None;
    }
    let all = group(tasks, (0..tasks.len()).collect());
    let commands = groups(tasks, |task| Some((&task.comm, &task.comm_raw)));
    let users = groups(tasks, |task| task.uid);
    let command = |group: &Group| {
        let first = &tasks[group.rows[0]];
        CommandShare {
            comm: first.comm.clone(),
            comm_raw: first.comm_raw.clone(),
            processes: group.rows.len() as u64,
            rss_bytes: Bytes(group.rss),
            swap_bytes: group.swap.map(Bytes),
            page_tables_bytes: group.page_tables.map(Bytes),
        }
    };
    let user = |group: &Group| {
        let uid = tasks[group.rows[0]].uid?;
        let processes = group.rows.len() as u64;
        Some(UserShare { uid, processes, rss_bytes: Bytes(group.rss), swap_bytes: group.swap.map(Bytes) })
    };
    Some(Holders {
        processes: tasks.len() as u64,
        rss_bytes: Bytes(all.rss),
        swap_bytes: all.swap.map(Bytes),
        page_tables_bytes: all.page_tables.map(Bytes),
        by_command: commands.iter().take(MOST).map(command).collect(),
        by_user: users.iter().take(MOST).filter_map(user).collect(),
    })
}

pub(super) fn explain(event: &Event, out: &mut Vec<Sentence>) {
    let tasks = &event.tasks;
    if tasks.is_empty() {
        let text = "The log holds no task table, so who held the memory is not known.";
        sentence(Topic::Held).text(text).on("completeness").add_to(out);
        return;
    }
    let everything = Rows::all(tasks.len());
    let all = group(tasks, (0..tasks.len()).collect());
    let total = rss(tasks.len(), &all);
    let say = sentence(Topic::Held).text(scope(event)).count(&Term::count("tasks", &everything));
    let say = say.text(plural(tasks.len(), " process with ", " processes with ")).bytes(&total).text(" resident");
    let say = say.maybe(swap(tasks.len(), &all), |say, term| say.text(" and ").bytes(&term).text(" in swap"));
    say.text(shared(tasks)).add_to(out);
    let commands = groups(tasks, |task| Some((&task.comm, &task.comm_raw)));
    for group in commands.iter().take(NAMED).filter(|group| group.held() > 0) {
        let first = group.rows[0];
        let say = sentence(Topic::Held).name(format!("tasks[{first}].comm"), &tasks[first].comm).text(": ");
        let rows = Rows::new(group.rows.clone(), tasks.len());
        let say = say.count(&Term::count("tasks", &rows)).text(plural(group.rows.len(), " process, ", " processes, "));
        let held = rss(tasks.len(), group);
        let say = say.bytes(&held).share(&held, &total);
        say.maybe(swap(tasks.len(), group), |say, term| say.text(" and ").bytes(&term).text(" in swap")).end(out);
    }
    let users = groups(tasks, |task| task.uid);
    if users.len() > 1 {
        let say =
            users.iter().take(NAMED).enumerate().fold(sentence(Topic::Held).text("By user: "), |say, (n, group)| {
                let first = group.rows[0];
                let uid = Term::field(format!("tasks[{first}].uid"), tasks[first].uid.unwrap_or_default());
                say.when(n > 0, ", ").text("uid ").count(&uid).text(" ").bytes(&rss(tasks.len(), group))
            });
        say.end(out);
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

fn rss(of: usize, group: &Group) -> Term {
    Term::sum("tasks", &Rows::new(group.rows.clone(), of), "rss_bytes", group.rss)
}

/// Nothing where nothing is swapped.
fn swap(of: usize, group: &Group) -> Option<Term> {
    let swapped = group.swap.filter(|bytes| *bytes > 0)?;
    Some(Term::sum("tasks", &Rows::new(group.rows.clone(), of), "swap_bytes", swapped))
}

/// Rows by what they have in common, most memory first; equals by their first row.
fn groups<'t, K: Eq + Hash>(tasks: &'t [Task], key: impl Fn(&'t Task) -> Option<K>) -> Vec<Group> {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<K, usize> = HashMap::new();
    for (row, task) in tasks.iter().enumerate() {
        let Some(key) = key(task) else { continue };
        let at = *known.entry(key).or_insert_with(|| {
            rows.push(Vec::new());
            rows.len() - 1
        });
        rows[at].push(row);
    }
    let mut groups: Vec<Group> = rows.into_iter().map(|rows| group(tasks, rows)).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.held()), group.rows[0]));
    groups
}

fn group(tasks: &[Task], rows: Vec<usize>) -> Group {
    let sum = |read: fn(&Task) -> Option<Bytes>| {
        let mut values = rows.iter().filter_map(|row| read(&tasks[*row])).peekable();
        values.peek().is_some().then(|| values.sum::<Bytes>().get())
    };
    let rss = sum(|t| t.rss_bytes).unwrap_or(0);
    let (swap, page_tables) = (sum(|t| t.swap_bytes), sum(|t| t.page_tables_bytes));
    Group { rows, rss, swap, page_tables }
}

/// The command that holds most, when it runs in many processes: its name's row, its rows, its memory and all memory.
pub(super) fn crowd(event: &Event) -> Option<(usize, Rows, Term, Term)> {
    let tasks = &event.tasks;
    let commands = groups(tasks, |task| Some((&task.comm, &task.comm_raw)));
    let first = commands.first().filter(|group| group.rows.len() >= 8)?;
    let all = group(tasks, (0..tasks.len()).collect());
    (first.rss.saturating_mul(2) >= all.rss && all.rss > 0).then(|| {
        let rows = Rows::new(first.rows.clone(), tasks.len());
        (first.rows[0], rows, rss(tasks.len(), first), rss(tasks.len(), &all))
    })
}
