//! A small server that answers as a test has it, with or without TLS, and keeps what it was asked.

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// What was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// In lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The form, decoded.
    pub(crate) form: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.form.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }
}

/// What is answered: status, headers, body. A status of 0 hangs up.
pub(crate) struct Answer(pub(crate) u16, pub(crate) Vec<(&'static str, String)>, pub(crate) String);

impl Answer {
    pub(crate) fn ok(body: impl Into<String>) -> Self {
        Self(200, vec![("Content-Type", "application/json".to_owned())], body.into())
    }

    /// No series.
    pub(crate) fn empty() -> Self {
        Self::ok(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#)
    }

    /// The answer to `time()`.
    pub(crate) fn time(seconds: u64) -> Self {
        Self::ok(format!(r#"{{"status":"success","data":{{"resultType":"scalar","result":[{seconds},"{seconds}"]}}}}"#))
    }
}

type Script = Box<dyn Fn(usize, &Request) -> Answer + Send>;

/// A server until the test ends.
pub(crate) struct Listener {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Listener {
    /// Answers each request, told its number from 0 on.
    pub(crate) fn start(script: impl Fn(usize, &Request) -> Answer + Send + 'static) -> Self {
        Self::with(None, Box::new(script))
    }

    /// The same behind TLS.
    pub(crate) fn tls(tls: Arc<ServerConfig>, script: impl Fn(usize, &Request) -> Answer + Send + 'static) -> Self {
        Self::with(Some(tls), Box::new(script))
    }

    fn with(tls: Option<Arc<ServerConfig>>, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, asked) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<Request>>>::default());
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // a client that hangs up, or does not like the certificate, is what some tests want
                let _ = match &tls {
                    None => exchange(stream, &kept, &script),
                    Some(tls) => {
                        let connection = ServerConnection::new(Arc::clone(tls)).unwrap();
                        exchange(StreamOwned::new(connection, stream), &kept, &script)
                    }
                };
            }
        });
        Self { port, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn exchange(stream: impl Read + Write, kept: &Mutex<Vec<Request>>, script: &Script) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let mut request = Request { path: line.split(' ').nth(1).unwrap_or_default().to_owned(), ..Request::default() };
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) => request.headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    request.form = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
    let number = {
        let mut all = kept.lock().unwrap();
        all.push(request.clone());
        all.len() - 1
    };
    let Answer(status, headers, body) = script(number, &request);
    let stream = stream.get_mut();
    if status > 0 {
        write!(stream, "HTTP/1.1 {status} -\r\nConnection: close\r\n")?;
        // a length of the test's own is longer than what comes
        if !headers.iter().any(|(name, _)| *name == "Content-Length") {
            write!(stream, "Content-Length: {}\r\n", body.len())?;
        }
        for (name, value) in headers {
            write!(stream, "{name}: {value}\r\n")?;
        }
        write!(stream, "\r\n{body}")?;
        stream.flush()?;
    }
    Ok(())
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex: Vec<u8> = rest.by_ref().take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// A certificate authority of the test's own, with a server's and a client's certificate, all in PEM.
pub(crate) struct Authority {
    pub(crate) ca: String,
    pub(crate) server: (String, String),
    pub(crate) client: (String, String),
}

impl Authority {
    pub(crate) fn new() -> Self {
        use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let signed = |names: &[&str], purpose| {
            let key = KeyPair::generate().unwrap();
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let mut params = CertificateParams::new(names).unwrap();
            params.extended_key_usages = vec![purpose];
            (params.signed_by(&key, &issuer).unwrap().pem(), key.serialize_pem())
        };
        let server = signed(&["localhost", "127.0.0.1"], ExtendedKeyUsagePurpose::ServerAuth);
        let client = signed(&["oomkit"], ExtendedKeyUsagePurpose::ClientAuth);
        Self { ca, server, client }
    }

    /// A server that shows its certificate, and may want the client's.
    pub(crate) fn server(&self, wants_client: bool) -> Arc<ServerConfig> {
        use rustls::pki_types::pem::PemObject;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let certificate = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let builder =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
        let builder = if wants_client {
            let mut roots = RootCertStore::empty();
            roots.add(certificate(&self.ca)).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::from_pem_slice(self.server.1.as_bytes()).unwrap();
        Arc::new(builder.with_single_cert(vec![certificate(&self.server.0)], key).unwrap())
    }
}
