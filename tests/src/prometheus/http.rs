//! The least of an HTTP client: one request, one connection, HTTP/1.0 so that nothing comes in chunks.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What a server answered.
#[derive(Debug)]
pub struct Reply {
    /// 200, 404 …
    pub status: u16,
    /// What came behind the headers.
    pub body: String,
}

/// Asks for a path of a server on loopback.
///
/// # Errors
/// The connection's.
pub fn get(port: u16, path: &str) -> io::Result<Reply> {
    exchange(port, &format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"))
}

/// Posts a form.
///
/// # Errors
/// The connection's.
pub fn post(port: u16, path: &str, form: &[(&str, &str)]) -> io::Result<Reply> {
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let body = body.join("&");
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let length = body.len();
    exchange(
        port,
        &format!("POST {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n{kind}\r\nContent-Length: {length}\r\n\r\n{body}"),
    )
}

fn exchange(port: u16, request: &str) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(request.as_bytes())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no HTTP: {head}")))?;
    Ok(Reply { status, body: body.to_owned() })
}

/// As forms and addresses carry it.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
