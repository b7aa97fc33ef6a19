//! The directory document, and the URLs that are made of it.

use bytes::Bytes;
use mimi_protocol::http::*;
use mimi_protocol::wire::limits::MAX_URL_LEN;

use crate::scene::*;

fn document(domain: &str, document: &str) -> Result<Directory, DirectoryError> {
    Directory::parse(domain, document.as_bytes())
}

#[test]
fn the_document_is_this() {
    insta::assert_snapshot!(theirs().to_json().replace(",\"", ",\n\""), @r#"
    {"keyMaterial":"https://mimi.a.example/v1/keyMaterial/{targetUser}",
    "update":"https://mimi.a.example/v1/update/{roomId}",
    "notify":"https://mimi.a.example/v1/notify/{roomId}",
    "submitMessage":"https://mimi.a.example/v1/submitMessage/{roomId}",
    "groupInfo":"https://mimi.a.example/v1/groupInfo/{roomId}",
    "requestConsent":"https://mimi.a.example/v1/requestConsent/{targetDomain}",
    "updateConsent":"https://mimi.a.example/v1/updateConsent/{requesterDomain}",
    "identifierQuery":"https://mimi.a.example/v1/identifierQuery/{domain}",
    "reportAbuse":"https://mimi.a.example/v1/reportAbuse/{roomId}",
    "proxyDownload":"https://mimi.a.example/v1/proxyDownload/{downloadUrl}"}
    "#);
}

#[test]
fn urls_are_what_the_drafts_template_says() {
    let directory = draft();
    let url = |endpoint: &Endpoint| directory.expand(endpoint).unwrap().to_string();
    assert_eq!(
        url(&Endpoint::KeyMaterial { target: user() }),
        "https://mimi.example.com/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fu%2Falice"
    );
    let target = Party::User(user());
    assert_eq!(
        url(&Endpoint::RequestConsent { target }),
        "https://mimi.example.com/v1/requestConsent/mimi%3A%2F%2Fa.example%2Fu%2Falice"
    );
    let domain = "a.example".to_owned();
    assert_eq!(
        url(&Endpoint::IdentifierQuery { domain }),
        "https://mimi.example.com/v1/identifierQuery/a.example"
    );
    let asset = directory
        .expand_proxy_download("https://x.example/a?b=c d")
        .unwrap();
    assert_eq!(
        asset.to_string(),
        "https://mimi.example.com/v1/proxyDownload/https%3A%2F%2Fx.example%2Fa%3Fb%3Dc%20d"
    );
    let target = Party::Domain("a.example".into());
    let error = directory
        .expand(&Endpoint::RequestConsent { target })
        .unwrap_err();
    let endpoint = "requestConsent";
    assert_eq!(error, DirectoryError::UserNeeded { endpoint });
}

#[test]
fn a_consent_url_names_the_user_or_the_domain() {
    let consent = Endpoint::RequestConsent {
        target: Party::User(user()),
    };
    let url = theirs().expand(&consent).unwrap();
    assert_eq!(url.path(), "/v1/requestConsent/a.example");
    let sent = request(&draft(), PEER, &consent, Bytes::new()).unwrap();
    let own = OwnDirectory::new(draft()).unwrap();
    assert_eq!(read(&sent, &own).0, consent);
}

#[test]
fn a_directory_survives_its_document() {
    for directory in [theirs(), draft()] {
        let document = directory.to_json();
        let read = Directory::parse(directory.domain(), document.as_bytes()).unwrap();
        assert_eq!(read, directory);
    }
    let text = r#"{"notify":"https://a.example/n{roomId}"}"#;
    let some = document("a.example", text).unwrap();
    assert!(some.offers(EndpointKind::Notify) && !some.offers(EndpointKind::Update));
    let url = some.expand(&Endpoint::Notify { room: room() }).unwrap();
    assert_eq!(url.path(), "/nmimi%3A%2F%2Fa.example%2Fr%2Fclubhouse");
    let error = some.expand(&Endpoint::Update { room: room() }).unwrap_err();
    assert_eq!(error, DirectoryError::NotOffered { endpoint: "update" });
    assert_eq!(some.to_json(), text);
}

#[test]
fn a_bad_url_is_refused() {
    for url in [
        "http://a.example/{roomId}",
        "HTTPS://a.example/{roomId}",
        "//a.example/{roomId}",
        "https://a.example",
        "https://a.example/",
        "https://a.example/{targetUser}",
        "https://a.example/{+roomId}",
        "https://a.example/{roomId}/{roomId}",
        "https://a.example/{roomId}/{",
        "https://a.example/}{roomId}",
        "https://{roomId}/",
        "https://a.example{roomId}",
        "https://a.example?{roomId}",
        "https://me@a.example/{roomId}",
        "https:///{roomId}",
        "https://:443/{roomId}",
        "https://A.example/{roomId}",
        "https://a.example./{roomId}",
        "https://b\u{fc}cher.example/{roomId}",
        "https://192.0.2.1/{roomId}",
        "https://0x7f.1/{roomId}",
        "https://[::1]/{roomId}",
        "https://[::1]:443/{roomId}",
        "https://a.example:/{roomId}",
        "https://a.example:0/{roomId}",
        "https://a.example:0443/{roomId}",
        "https://a.example:65536/{roomId}",
        "https://a.example:1:2/{roomId}",
        "https://a.example/{roomId}#part",
        "https://a.example/ /{roomId}",
        "https://a.example/\u{fc}/{roomId}",
        "https://a.example/<>/{roomId}",
        "https://a.example/%4/{roomId}",
        "https://a.example/%zz{roomId}",
        "https://a.example/x/../{roomId}",
        "https://a.example/./{roomId}",
        "https://a.example/%2E%2e/{roomId}",
        "https://a.example/{roomId}/..",
    ] {
        let text = format!(r#"{{"update":"{url}"}}"#);
        let endpoint = "update";
        let error = DirectoryError::Template { endpoint };
        assert_eq!(document("a.example", &text), Err(error), "{url}");
    }
    for url in [
        "https://a.example:8443/{roomId}",
        "https://a.example:65535/{roomId}",
        "https://xn--bcher-kva.example/~x/(y)/%20/{roomId}",
        "https://a.example/v1?room={roomId}&to=@all",
        "https://a.example//{roomId}/",
        "https://a.example/..{roomId}.",
    ] {
        let text = format!(r#"{{"update":"{url}"}}"#);
        let directory = document("a.example", &text).unwrap();
        assert_eq!(directory.to_json(), text);
        let endpoint = Endpoint::Update { room: room() };
        let sent = request(&directory, PEER, &endpoint, Bytes::new()).unwrap();
        let own = OwnDirectory::new(directory).unwrap();
        assert_eq!(read(&sent, &own).0, endpoint, "{url}");
    }
}

#[test]
fn a_bad_document_is_refused() {
    for text in [
        "",
        "[]",
        "{",
        "null",
        "{}{}",
        r#"{"update":7}"#,
        r#"{"update":"https://a.example/{roomId}","update":"https://b.example/{roomId}"}"#,
    ] {
        let error = document("a.example", text).unwrap_err();
        assert!(matches!(error, DirectoryError::Json(_)), "{text}");
    }
    let longest = format!("{{}}{}", " ".repeat(MAX_DIRECTORY_LEN - 2));
    assert!(document("a.example", &longest).is_ok());
    let longer = longest + " ";
    assert_eq!(document("a.example", &longer), Err(DirectoryError::TooLong));
    for domain in [
        "",
        "a/b",
        "A.example",
        "192.0.2.1",
        "a.example:443",
        "*.example",
    ] {
        assert_eq!(
            document(domain, "{}"),
            Err(DirectoryError::Domain),
            "{domain}"
        );
    }
}

/// The draft's slip: `update{roomId}` also begins `updateConsent/…`, but no value
/// holds a slash.
#[test]
fn urls_that_differ_wherever_a_value_ends_are_told_apart() {
    let text = r#"{"update":"https://a.example/v1/update{roomId}",
        "updateConsent":"https://a.example/v1/updateConsent/{requesterDomain}",
        "notify":"https://a.example/{roomId}/notify",
        "submitMessage":"https://a.example/v1/?submit={roomId}",
        "reportAbuse":"https://a.example/v1/?report={roomId}"}"#;
    let directory = document("a.example", text).unwrap();
    let own = OwnDirectory::new(directory.clone()).unwrap();
    for endpoint in all_endpoints() {
        if directory.offers(endpoint.kind()) {
            let sent = request(&directory, PEER, &endpoint, Bytes::new()).unwrap();
            assert_eq!(read(&sent, &own).0, endpoint);
        }
    }
}

#[test]
fn no_path_of_ones_own_leads_to_two_endpoints() {
    for (update, notify) in [
        ("/{roomId}", "/{roomId}"),
        ("/{roomId}", "/x{roomId}"),
        ("/{roomId}", "/{roomId}x"),
        ("/x{roomId}", "/{roomId}x"),
        ("/x{roomId}", "/xy{roomId}"),
        ("/v1/x{roomId}y", "/v1/x{roomId}"),
        ("/a{roomId}/bc", "/aX/b{roomId}"),
        ("/?a={roomId}&b=1", "/?a=2&b={roomId}"),
        ("/{roomId}?", "/x{roomId}?"),
    ] {
        let text = |notify: &str| {
            format!(
                r#"{{"update":"https://a.example{update}","notify":"https://b.example{notify}"}}"#
            )
        };
        let (one, other) = ("notify", "update");
        let directory = document("a.example", &text(notify)).unwrap();
        assert_eq!(
            OwnDirectory::new(directory),
            Err(DirectoryError::Ambiguous { one, other }),
            "{update} {notify}"
        );
        let directory = document("a.example", &text(&format!("/to{notify}"))).unwrap();
        assert!(OwnDirectory::new(directory).is_ok(), "{update} {notify}");
    }
}

#[test]
fn neither_the_proxy_nor_the_document_shares_a_path() {
    let text = r#"{"update":"https://a.example/{roomId}",
        "proxyDownload":"https://a.example/p{downloadUrl}"}"#;
    let (one, other) = ("proxyDownload", "update");
    assert_eq!(
        OwnDirectory::new(document("a.example", text).unwrap()),
        Err(DirectoryError::Ambiguous { one, other })
    );
    let text = r#"{"update":"https://a.example/.well-known/{roomId}"}"#;
    let (one, other) = ("update", "mimi-protocol-directory");
    assert_eq!(
        OwnDirectory::new(document("a.example", text).unwrap()),
        Err(DirectoryError::Ambiguous { one, other })
    );
}

#[test]
fn an_asset_has_a_url_of_some_octets() {
    let url = "x".repeat(MAX_URL_LEN);
    assert!(theirs().expand_proxy_download(&url).is_ok());
    for url in ["", &(url + "x")] {
        let error = theirs().expand_proxy_download(url).unwrap_err();
        assert_eq!(error, DirectoryError::DownloadUrl);
    }
    let none = document("a.example", "{}").unwrap();
    let endpoint = "proxyDownload";
    assert_eq!(
        none.expand_proxy_download("https://x.example/"),
        Err(DirectoryError::NotOffered { endpoint })
    );
}
