//! The address of a server: its base path, who asks, what goes with each request; and what of it may be shown.

use ureq::http::Uri;

/// A URL taken apart.
#[derive(Clone)]
pub(super) struct Address {
    /// `https`.
    scheme: String,
    /// `thanos.example:9090`.
    authority: String,
    /// `/prometheus`, without a slash at its end; empty for none.
    path: String,
    /// Parameters, as they were written.
    query: Option<String>,
    /// Name and password.
    pub(super) user: Option<(String, String)>,
}

impl Address {
    /// Takes a URL apart. A path that already names the API is cut before it.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let wrong = || "expected a URL such as https://thanos.example/prometheus".to_owned();
        let (scheme, rest) = url.trim().split_once("://").ok_or_else(wrong)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, behind) = rest.split_at(end);
        let (user, authority) = match authority.rsplit_once('@') {
            Some((user, authority)) => {
                let (name, password) = user.split_once(':').unwrap_or((user, ""));
                (Some((decoded(name), decoded(password))), authority)
            }
            None => (None, authority),
        };
        let behind = behind.split('#').next().unwrap_or_default();
        let (path, query) = behind.split_once('?').map_or((behind, None), |(path, query)| (path, Some(query)));
        let path = path.find("/api/v1").map_or(path, |at| &path[..at]).trim_end_matches('/');
        let query = query.filter(|query| !query.is_empty()).map(str::to_owned);
        let scheme = scheme.to_ascii_lowercase();
        let address = Self { scheme, authority: authority.to_owned(), path: path.to_owned(), query, user };
        let uri: Uri = address.of("query").parse().map_err(|_| wrong())?;
        if uri.host().is_none_or(str::is_empty) { Err(wrong()) } else { Ok(address) }
    }

    /// Where a question goes.
    pub(super) fn of(&self, endpoint: &str) -> String {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}/api/v1/{endpoint}{query}", self.shown())
    }

    /// Without names, passwords and parameters.
    pub(super) fn shown(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.path)
    }

    /// Where a redirect leads, in full, and the base it stands for.
    ///
    /// Only on the same host, and never from https to http: whoever else answers shall not see the credentials.
    pub(super) fn redirected(&self, location: &str) -> Result<Self, String> {
        let full = match location.strip_prefix('/') {
            Some(path) if !path.starts_with('/') => format!("{}://{}/{path}", self.scheme, self.authority),
            _ => location.to_owned(),
        };
        let other = Self::parse(&full).map_err(|_| format!("redirects to {location:?}"))?;
        let host = |address: &Self| {
            let port = address.authority.rfind(':').filter(|at| !address.authority[*at..].contains(']'));
            address.authority[..port.unwrap_or(address.authority.len())].to_ascii_lowercase()
        };
        let to = || other.shown();
        if host(self) != host(&other) {
            return Err(format!("redirects to another host, {}: give that URL, if it is yours", to()));
        }
        if self.scheme == "https" && other.scheme == "http" {
            return Err(format!("redirects from https to {}", to()));
        }
        if !full.contains("/api/v1/") {
            return Err(format!("redirects to {}, which is not its API (a login page?)", to()));
        }
        Ok(Self { user: self.user.clone(), query: other.query.clone().or_else(|| self.query.clone()), ..other })
    }
}

/// `%40` becomes `@`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_paths_of_every_server_are_kept() {
        for (url, query) in [
            ("http://h:9090", "http://h:9090/api/v1/query"),
            ("http://h/prometheus/", "http://h/prometheus/api/v1/query"),
            ("HTTPS://h/select/0/prometheus", "https://h/select/0/prometheus/api/v1/query"),
            ("https://h/api/v1/query_range", "https://h/api/v1/query"),
            (
                "http://[::1]:9090/?dedup=true&partial_response=false",
                "http://[::1]:9090/api/v1/query?dedup=true&partial_response=false",
            ),
            ("https://me:se%40cret@h/x#y", "https://h/x/api/v1/query"),
        ] {
            assert_eq!(Address::parse(url).unwrap().of("query"), query, "{url}");
        }
        let user = Address::parse("https://me:se%40cret@h/x").unwrap().user;
        assert_eq!(user, Some(("me".to_owned(), "se@cret".to_owned())));
        for wrong in ["http://", "http:///x", "http://a b/", "prometheus:9090"] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn redirects_stay_on_the_host_and_do_not_fall_back_to_http() {
        let at = |url: &str| Address::parse(url).unwrap();
        let to = |from: &str, location: &str| at(from).redirected(location).map(|address| address.of("query"));
        assert_eq!(to("http://h/p", "https://h/p/api/v1/query").unwrap(), "https://h/p/api/v1/query");
        assert_eq!(to("http://h", "/new/api/v1/query").unwrap(), "http://h/new/api/v1/query");
        assert_eq!(to("http://h:1", "http://H:2/api/v1/query").unwrap(), "http://H:2/api/v1/query");
        assert!(to("http://h", "http://evil/api/v1/query").unwrap_err().contains("another host"));
        assert!(to("http://h", "//evil/api/v1/query").is_err());
        assert!(to("https://h", "http://h/api/v1/query").unwrap_err().contains("from https"));
        assert!(to("https://h", "https://h/login").unwrap_err().contains("a login page?"));
    }
}
