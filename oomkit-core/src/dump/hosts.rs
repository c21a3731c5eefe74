//! The hosts of a log, by name. A log's next line is mostly of the same host as its last: that one is found without a
//! search.

use super::host::Host;
use std::collections::HashMap;

/// Host name, and whether the lines are a user process's: those must not touch the kernel's.
pub(super) type Writer<'a> = (Option<&'a [u8]>, bool);

#[derive(Debug, Default)]
pub(super) struct Hosts {
    all: Vec<Named>,
    /// Places in `all`, of the kernel's lines and of user processes'.
    places: [Places; 2],
    last: usize,
}

#[derive(Debug)]
struct Named {
    name: Option<Box<[u8]>>,
    user: bool,
    host: Host,
}

#[derive(Debug, Default)]
struct Places {
    nameless: Option<usize>,
    named: HashMap<Box<[u8]>, usize>,
}

impl Hosts {
    fn find(&self, (name, user): Writer<'_>) -> Option<usize> {
        if self.all.get(self.last).is_some_and(|one| one.user == user && one.name.as_deref() == name) {
            return Some(self.last);
        }
        let places = &self.places[usize::from(user)];
        match name {
            Some(name) => places.named.get(name).copied(),
            None => places.nameless,
        }
    }

    pub(super) fn get(&self, writer: Writer<'_>) -> Option<&Host> {
        self.find(writer).map(|at| &self.all[at].host)
    }

    pub(super) fn get_mut(&mut self, writer: Writer<'_>) -> Option<&mut Host> {
        let at = self.find(writer)?;
        self.last = at;
        Some(&mut self.all[at].host)
    }

    pub(super) fn contains(&self, writer: Writer<'_>) -> bool {
        self.find(writer).is_some()
    }

    /// The host of that name, which is made where there is none.
    pub(super) fn entry(&mut self, writer: Writer<'_>) -> &mut Host {
        let at = match self.find(writer) {
            Some(at) => at,
            None => self.push(writer, Host::default()),
        };
        self.last = at;
        &mut self.all[at].host
    }

    pub(super) fn insert(&mut self, writer: Writer<'_>, host: Host) {
        match self.find(writer) {
            Some(at) => self.all[at].host = host,
            None => {
                self.push(writer, host);
            }
        }
    }

    fn push(&mut self, writer: Writer<'_>, host: Host) -> usize {
        let (name, user) = writer;
        let at = self.all.len();
        self.all.push(Named { name: name.map(Into::into), user, host });
        self.place(writer, Some(at));
        at
    }

    fn place(&mut self, (name, user): Writer<'_>, at: Option<usize>) {
        let places = &mut self.places[usize::from(user)];
        match (name, at) {
            (None, at) => places.nameless = at,
            (Some(name), Some(at)) => {
                places.named.insert(name.into(), at);
            }
            (Some(name), None) => {
                places.named.remove(name);
            }
        }
    }

    pub(super) fn remove(&mut self, writer: Writer<'_>) -> Option<Host> {
        self.find(writer).map(|at| self.remove_at(at))
    }

    fn remove_at(&mut self, at: usize) -> Host {
        let gone = self.all.swap_remove(at);
        self.place((gone.name.as_deref(), gone.user), None);
        if let Some(moved) = self.all.get(at) {
            let (name, user) = (moved.name.clone(), moved.user);
            self.place((name.as_deref(), user), Some(at));
        }
        gone.host
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Host> {
        self.all.iter_mut().map(|one| &mut one.host)
    }

    /// Looks at every host, and forgets those that are of no use.
    pub(super) fn retain(&mut self, mut of_use: impl FnMut(&mut Host) -> bool) {
        let mut at = 0;
        while at < self.all.len() {
            if of_use(&mut self.all[at].host) {
                at += 1;
            } else {
                self.remove_at(at);
            }
        }
        if self.all.is_empty() {
            *self = Self::default();
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_by_name_and_by_who_wrote() {
        let mut hosts = Hosts::default();
        let writers = [(None, false), (None, true), (Some(&b""[..]), false), (Some(b"a"), false), (Some(b"a"), true)];
        for (n, writer) in writers.iter().enumerate() {
            hosts.entry(*writer).touched = n as u64;
        }
        for (n, writer) in writers.iter().enumerate() {
            assert_eq!(hosts.get(*writer).map(|host| host.touched), Some(n as u64));
        }
        // the last takes the place of one that goes
        assert_eq!(hosts.remove(writers[0]).map(|host| host.touched), Some(0));
        assert!(!hosts.contains(writers[0]));
        hosts.retain(|host| host.touched != 3);
        let left: Vec<_> = writers.iter().map(|writer| hosts.get(*writer).map(|host| host.touched)).collect();
        assert_eq!(left, [None, Some(1), Some(2), None, Some(4)]);
        hosts.insert(writers[3], Host::default());
        assert_eq!(hosts.get_mut(writers[3]).map(|host| host.touched), Some(0));
        hosts.retain(|_| false);
        assert!(writers.iter().all(|writer| !hosts.contains(*writer)));
    }
}
