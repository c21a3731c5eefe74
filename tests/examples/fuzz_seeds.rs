//! Writes the seed corpus of every fuzz target: `cargo run -p oomkit-tests --example fuzz_seeds -- fuzz/corpus`.

use oomkit_tests::fuzz::{Target, seeds};
use std::path::PathBuf;
use std::{env, fs, io, process};

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: fuzz_seeds <folder>: a folder for each target is made in it");
        process::exit(2);
    };
    for target in Target::ALL {
        let folder = folder.join(target.name());
        fs::create_dir_all(&folder)?;
        let seeds = seeds(target);
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{at:04}")), seed)?;
        }
        let bytes: usize = seeds.iter().map(Vec::len).sum();
        eprintln!("{:12} {:5} seeds {:8} bytes", target.name(), seeds.len(), bytes);
    }
    Ok(())
}
