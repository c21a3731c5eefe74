//! What Prometheus scrapes: texts on paths of a loopback port.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A server of texts, until the test ends.
#[derive(Debug, Clone)]
pub struct Target {
    port: u16,
    texts: Arc<Mutex<HashMap<String, String>>>,
}

impl Target {
    /// Serves each text on its path.
    pub fn serve<'p>(texts: impl IntoIterator<Item = (&'p str, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let texts = texts.into_iter().map(|(path, text)| (path.to_owned(), text)).collect();
        let target = Self { port, texts: Arc::new(Mutex::new(texts)) };
        let served = target.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // a scraper that hangs up is none of the test's business
                let _ = served.answer(&stream);
            }
        });
        target
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From the next scrape on, another text.
    pub fn set(&self, path: &str, text: String) {
        self.texts.lock().expect("no panic inside").insert(path.to_owned(), text);
    }

    fn answer(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream).lines();
        let request = lines.next().transpose()?.unwrap_or_default();
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let path = request.split(' ').nth(1).unwrap_or_default();
        let text = self.texts.lock().expect("no panic inside").get(path).cloned();
        let (status, body) = text.map_or(("404 Not Found", String::new()), |text| ("200 OK", text));
        let kind = "text/plain; version=0.0.4; charset=utf-8";
        let length = body.len();
        let mut stream = stream;
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
    }
}
