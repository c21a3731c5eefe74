//! One input as the logs it holds: itself, or the files of an archive.

use crate::Input;
use crate::archive::Archive;
use crate::damage::Damage;
use crate::decode::{Content, unpack};
use std::fmt;
use std::io::{self, Read};

/// How deep archives are walked: one, and those in it.
const DEPTH: usize = 2;

/// Logs of an input, one after the other. Reading gives the text of the current one.
pub struct Source {
    name: String,
    first: Option<Content>,
    /// Those being walked with their names, the outermost first.
    archives: Vec<(String, Archive)>,
    log: Option<Input>,
}

impl Source {
    /// Looks at the first bytes of an input called `name`.
    ///
    /// # Errors
    /// The reader's, and containers that cannot be read: says which, and what to do.
    pub fn open(name: impl Into<String>, reader: impl Read + Send + 'static) -> io::Result<Self> {
        let first = Some(unpack(Box::new(reader))?);
        Ok(Self { name: name.into(), first, archives: Vec::new(), log: None })
    }

    /// What is being read, or could not be: the input's name, or `bundle.tar.gz:var/log/messages`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Goes to the next log, over what is left of this one; false after the last.
    ///
    /// # Errors
    /// What [`name`](Self::name) then names cannot be read; the next call goes on behind it, as far as that is possible.
    pub fn advance(&mut self) -> io::Result<bool> {
        self.log = None;
        let mut content = self.first.take();
        loop {
            match content.take() {
                Some(Content::Log(log)) => {
                    self.log = Some(log);
                    return Ok(true);
                }
                Some(Content::Archive(_)) if self.archives.len() == DEPTH => {
                    return Err(Damage::error("an archive in an archive in an archive is not walked; unpack it first"));
                }
                Some(Content::Archive(input)) => self.archives.push((self.name.clone(), Archive::new(input))),
                None => {}
            }
            let Some((outer, archive)) = self.archives.last() else { return Ok(false) };
            self.name.clone_from(outer);
            match archive.next()? {
                Some(member) => {
                    self.name = format!("{outer}:{member}");
                    content = Some(unpack(Box::new(archive.clone()))?);
                }
                None => drop(self.archives.pop()),
            }
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.log.as_mut().map_or(Ok(0), |log| log.read(buffer))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}
