//! The calling side: requests to another provider (PROTO, "Transport layer").

use ::http::header::{CONTENT_TYPE, FROM, HOST, HeaderValue};
use ::http::{Method, Request, Uri};
use bytes::Bytes;
use mimi_content::tls::EncodeError;

use super::directory::{DIRECTORY_PATH, Directory, DirectoryError};
use super::endpoint;
use super::headers::OCTETS;
use crate::wire::Endpoint;

/// Why a request cannot be made. The caller is at fault, or the peer's directory
/// lacks what it takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The peer's directory has no URL for it.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// One of the two providers' names is not a domain in normal form.
    #[error("not a domain in normal form")]
    Domain,
    /// The body is longer than the endpoint takes.
    #[error("the body is longer than {max} octets")]
    TooLarge {
        /// The endpoint's limit.
        max: usize,
    },
    /// The body is what another endpoint takes.
    #[error("{endpoint}: the body is for another endpoint")]
    OtherEndpoint {
        /// The endpoint.
        endpoint: &'static str,
    },
    /// The body cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// The request that brings `body` to an endpoint of the provider that
/// `directory` is of, on behalf of the provider `from_domain`.
///
/// `Host` is the host of the endpoint's URL, as HTTP wants it; `From` is
/// `mimi@from_domain`.
///
/// # Errors
/// As [`RequestError`] says.
pub fn request(
    directory: &Directory,
    from_domain: &str,
    endpoint: &Endpoint,
    body: Bytes,
) -> Result<Request<Bytes>, RequestError> {
    let max = endpoint.kind().max_request_body();
    if body.len() > max {
        return Err(RequestError::TooLarge { max });
    }
    let uri = directory.expand(endpoint)?;
    let mut request = bare(Method::POST, uri, from_domain)?;
    *request.body_mut() = body;
    request.headers_mut().insert(CONTENT_TYPE, OCTETS);
    Ok(request)
}

/// The request for the directory document of the provider at `domain` (PROTO,
/// "Directory"). The document tells the rest.
///
/// # Errors
/// When a name is not a domain in normal form.
pub fn directory_request(domain: &str, from_domain: &str) -> Result<Request<Bytes>, RequestError> {
    let domain = endpoint::domain(domain).ok_or(RequestError::Domain)?;
    let uri = format!("https://{domain}{DIRECTORY_PATH}").parse();
    bare(
        Method::GET,
        uri.map_err(|_| RequestError::Domain)?,
        from_domain,
    )
}

/// The request for an asset through the hub that `directory` is of (PROTO,
/// "Download using a hub proxy"). It asks for all of the asset.
///
/// # Errors
/// When the hub does not offer it, the URL is empty or too long, or `from_domain`
/// not a domain in normal form.
pub fn proxy_request(
    directory: &Directory,
    from_domain: &str,
    download_url: &str,
) -> Result<Request<Bytes>, RequestError> {
    let uri = directory.expand_proxy_download(download_url)?;
    bare(Method::GET, uri, from_domain)
}

/// A request without a body that says whom it is for and whom it is from.
fn bare(method: Method, uri: Uri, from_domain: &str) -> Result<Request<Bytes>, RequestError> {
    let from_domain = endpoint::domain(from_domain).ok_or(RequestError::Domain)?;
    let host = uri.authority().map(|a| a.as_str()).unwrap_or_default();
    let host = HeaderValue::from_str(host).map_err(|_| RequestError::Domain)?;
    let from = HeaderValue::from_str(&format!("mimi@{from_domain}"));
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.insert(HOST, host);
    headers.insert(FROM, from.map_err(|_| RequestError::Domain)?);
    Ok(request)
}
