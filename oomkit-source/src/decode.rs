//! Decompression, in bounded memory, of streams with any number of members.

use crate::Input;
use crate::damage::Damage;
use crate::head::Head;
use crate::magic::{FileKind, Packing};
use liblzma::stream::{CONCATENATED, Error as XzError, Stream};
use std::io::{self, BufReader, ErrorKind, Read};

/// How much compressed data is read at once.
const CHUNK: usize = 64 * 1024;

/// Largest window of a zstd frame, as a power of two: 128 MiB, which is what `zstd` itself allows by default.
const ZSTD_WINDOW: u32 = 27;

/// What an xz decoder may use. `xz -9` takes 65 MiB.
const XZ_MEMORY: u64 = 256 << 20;

/// What an input is without its compression.
pub(crate) enum Content {
    Log(Input),
    Archive(Input),
}

/// Undoes one layer of compression, if there is one.
///
/// # Errors
/// The input's, damage at its very beginning, and containers that cannot be read: which, and what to do.
pub(crate) fn unpack(input: Input) -> io::Result<Content> {
    let mut head = Head::of(input)?;
    if let FileKind::Packed(packing) = head.kind() {
        head = Head::of(Box::new(Decoder::new(packing, head)?))?;
        if let FileKind::Packed(inner) = head.kind() {
            let (inner, outer) = (inner.name(), packing.name());
            return Err(Damage::error(format!("compressed twice: {inner} data in {outer} data; unpack one first")));
        }
    }
    match head.kind() {
        FileKind::Foreign(what, command) => {
            Err(Damage::error(format!("{what} files cannot be read directly; unpack first: {command} FILE")))
        }
        FileKind::Tar => Ok(Content::Archive(Box::new(head))),
        FileKind::Text | FileKind::Packed(_) => Ok(Content::Log(Box::new(head))),
    }
}

impl Packing {
    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
        }
    }
}

/// A decompressor whose errors say what is wrong with the data.
struct Decoder {
    packing: Packing,
    inner: Input,
}

impl Decoder {
    fn new(packing: Packing, packed: Head) -> io::Result<Self> {
        let packed = BufReader::with_capacity(CHUNK, packed);
        let inner: Input = match packing {
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
            Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
            Packing::Xz => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED).map_err(io::Error::from)?;
                Box::new(liblzma::bufread::XzDecoder::new_stream(packed, stream))
            }
            Packing::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
        };
        Ok(Self { packing, inner })
    }

    /// The error in words, unless it is the system's or was worded further in.
    fn worded(&self, error: io::Error) -> io::Error {
        if error.kind() == ErrorKind::Interrupted || error.raw_os_error().is_some() || Damage::is(&error) {
            return error;
        }
        let xz = error.get_ref().and_then(|inner| inner.downcast_ref::<XzError>());
        let text = error.to_string();
        let name = self.packing.name();
        Damage::error(if error.kind() == ErrorKind::UnexpectedEof {
            format!("the {name} data is cut short")
        } else if xz == Some(&XzError::MemLimit) {
            format!("the xz data needs more than {} MiB of memory; unpack first: xz -dc FILE", XZ_MEMORY >> 20)
        } else if self.packing == Packing::Zstd && text.contains("too much memory") {
            let window = 1 << (ZSTD_WINDOW - 20);
            format!("the zstd data needs a window above {window} MiB; unpack first: zstd -dc --long=31 FILE")
        } else {
            format!("the {name} data is damaged ({text})")
        })
    }
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| self.worded(error))
    }
}
