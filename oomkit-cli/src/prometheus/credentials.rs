//! Who asks: headers of each request, and what of them must not be printed.

use super::address::Address;
use crate::cli::{PrometheusArgs, Secret};
use crate::outcome::{Failure, reason};
use std::fs;
use std::path::{Path, PathBuf};
use ureq::http::{HeaderName, HeaderValue};

/// How to get in.
pub(super) struct Credentials {
    way: Way,
    headers: Vec<(HeaderName, HeaderValue)>,
    secrets: Vec<String>,
}

enum Way {
    Open,
    Bearer(String),
    /// Read for each request: tokens of service accounts change while they are used.
    BearerFile(PathBuf),
    Basic(String, String),
}

impl Credentials {
    pub(super) fn new(args: &PrometheusArgs, address: &Address) -> Result<Self, Failure> {
        let from_environment = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let way = if let Some(Secret(token)) = &args.bearer_token {
            Way::Bearer(token.clone())
        } else if let Some(file) = &args.bearer_token_file {
            Way::BearerFile(file.clone())
        } else if let Some(user) = &args.basic_user {
            let password = match &args.basic_password_file {
                Some(file) => first_line(file)?,
                None => from_environment("OOMKIT_PASSWORD").ok_or_else(|| {
                    Failure::Usage("--basic-user needs --basic-password-file or OOMKIT_PASSWORD".to_owned())
                })?,
            };
            Way::Basic(user.clone(), password)
        } else if let Some((user, password)) = &address.user {
            Way::Basic(user.clone(), password.clone())
        } else if let Some(token) = from_environment("OOMKIT_BEARER_TOKEN") {
            Way::Bearer(token)
        } else {
            Way::Open
        };
        let mut secrets = Vec::new();
        let mut headers = Vec::new();
        for Secret(header) in &args.header {
            let expected = || Failure::Usage("--header: expected 'Name: value'".to_owned());
            let (name, value) = header.split_once(':').ok_or_else(expected)?;
            let name: HeaderName = name.trim().parse().map_err(|_| expected())?;
            secrets.push(value.trim().to_owned());
            headers.push((name, value.trim().parse().map_err(|_| expected())?));
        }
        match &way {
            Way::Bearer(token) => secrets.push(token.clone()),
            Way::Basic(user, password) => secrets.extend([password.clone(), base64(&format!("{user}:{password}"))]),
            Way::Open | Way::BearerFile(_) => {}
        }
        Ok(Self { way, headers, secrets })
    }

    /// The headers of the next request.
    pub(super) fn headers(&mut self) -> Result<Vec<(HeaderName, HeaderValue)>, Failure> {
        let authorization = match &self.way {
            Way::Open => None,
            Way::Bearer(token) => Some(format!("Bearer {token}")),
            Way::BearerFile(file) => {
                let token = first_line(file)?;
                if !self.secrets.contains(&token) {
                    self.secrets.push(token.clone());
                }
                Some(format!("Bearer {token}"))
            }
            Way::Basic(user, password) => Some(format!("Basic {}", base64(&format!("{user}:{password}")))),
        };
        let mut headers = self.headers.clone();
        if let Some(text) = authorization {
            let mut value = HeaderValue::from_str(&text)
                .map_err(|_| Failure::Usage("the token or password holds what no header may hold".to_owned()))?;
            value.set_sensitive(true);
            headers.push((ureq::http::header::AUTHORIZATION, value));
        }
        Ok(headers)
    }

    /// The text without what must not be seen, in case a server echoes it.
    pub(super) fn hidden(&self, text: &str) -> String {
        let long = self.secrets.iter().filter(|secret| secret.len() >= 4);
        long.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }
}

fn first_line(file: &Path) -> Result<String, Failure> {
    let text =
        fs::read_to_string(file).map_err(|error| Failure::Usage(format!("{}: {}", file.display(), reason(&error))))?;
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(Failure::Usage(format!("{}: its first line is empty", file.display())));
    }
    Ok(line.to_owned())
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_as_rfc_4648_has_it() {
        for (text, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(super::base64(text), encoded);
        }
        // RFC 7617
        assert_eq!(super::base64("Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
