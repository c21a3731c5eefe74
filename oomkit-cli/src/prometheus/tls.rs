//! Whom to trust, and the client's own certificate.

use crate::cli::PrometheusArgs;
use crate::outcome::{Failure, reason};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

/// The configuration that the options ask for.
///
/// # Errors
/// Files that cannot be read or hold something else.
pub(super) fn config(args: &PrometheusArgs) -> Result<TlsConfig, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = TlsConfig::builder().unversioned_rustls_crypto_provider(Arc::clone(&provider));
    tls = tls.disable_verification(args.insecure);
    tls = match &args.ca_file {
        Some(file) => {
            let (certificates, _) = pem(file)?;
            if certificates.is_empty() {
                return Err(Failure::Usage(format!("{}: expected certificates in PEM", file.display())));
            }
            tls.root_certs(RootCerts::new_with_certs(&certificates))
        }
        None => tls.root_certs(RootCerts::PlatformVerifier),
    };
    if let Some(file) = &args.cert_file {
        let (chain, own_key) = pem(file)?;
        let key_file = args.key_file.as_ref().unwrap_or(file);
        let key = if args.key_file.is_some() { pem(key_file)?.1 } else { own_key };
        let key = key.ok_or_else(|| Failure::Usage(format!("{}: expected a key in PEM", key_file.display())))?;
        if chain.is_empty() {
            return Err(Failure::Usage(format!("{}: expected a certificate in PEM", file.display())));
        }
        fits(&chain, &key, &provider)
            .map_err(|why| Failure::Usage(format!("{}, {}: {why}", file.display(), key_file.display())))?;
        tls = tls.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
    }
    Ok(tls.build())
}

/// Whether certificate and key are a pair: later nobody would ask politely.
fn fits(
    chain: &[Certificate<'_>],
    key: &PrivateKey<'_>,
    provider: &rustls::crypto::CryptoProvider,
) -> Result<(), String> {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let chain = chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec())).collect();
    let key = PrivateKeyDer::try_from(key.der().to_vec()).map_err(|why| format!("not a usable key: {why}"))?;
    match rustls::sign::CertifiedKey::from_der(chain, key, provider) {
        Ok(_) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(()),
        Err(rustls::Error::InconsistentKeys(_)) => Err("the key does not belong to the certificate".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// What a file holds: all certificates, the first key.
fn pem(file: &Path) -> Result<(Vec<Certificate<'static>>, Option<PrivateKey<'static>>), Failure> {
    let told = |why: String| Failure::Usage(format!("{}: {why}", file.display()));
    let text = fs::read(file).map_err(|error| told(reason(&error)))?;
    let (mut certificates, mut key) = (Vec::new(), None);
    for item in parse_pem(&text) {
        match item.map_err(|error| told(format!("not PEM: {error}")))? {
            PemItem::Certificate(certificate) => certificates.push(certificate),
            PemItem::PrivateKey(found) => key = key.or(Some(found)),
            _ => {}
        }
    }
    Ok((certificates, key))
}
