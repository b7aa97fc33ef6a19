//! Where assets are, how large, and of what type.

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_content::tls::Encode;
use mimi_content::{Disposition, MimiContent, NestedPart};
use mimi_policy::messages::{AssetKind, Breach, Facts, LeaveOut, check, max_size, may_download_by};
use mimi_policy::{
    AssetPolicy, AssetUploadLocation, DomainName, DownloadPrivacy, DownloadPrivacyType,
    ProviderAssetUploadDomains, RoomPolicy,
};

use crate::room::*;

fn domains(provider: &str, hosts: &[&str]) -> ProviderAssetUploadDomains {
    let name = |text: &str| DomainName::parse(text).unwrap();
    ProviderAssetUploadDomains {
        provider: name(provider),
        destinations: hosts.iter().copied().map(name).collect(),
    }
}

/// Bob, of b.example, uploads to assets.b.example.
fn policy() -> AssetPolicy {
    AssetPolicy {
        upload_location: AssetUploadLocation::LOCAL_PROVIDER,
        upload_domains: vec![
            domains("a.example", &["assets.a.example"]),
            domains("b.example", &["assets.b.example"]),
        ],
        download_privacy: DownloadPrivacy {
            allowed: vec![],
            forbidden: vec![],
            default: DownloadPrivacyType::HUB_PROXY,
        },
        max_image: 100,
        max_audio: 200,
        max_video: 300,
        max_attachment: 400,
        forbidden_media_types: vec![],
        permitted_media_types: None,
    }
}

fn room_of(policy: &AssetPolicy) -> RoomPolicy {
    let component = (ComponentId::ASSET_POLICY, policy.to_vec().unwrap());
    room_with(&everything(), &[component])
}

fn found(policy: &AssetPolicy, body: NestedPart<'static>) -> Vec<(Breach, LeaveOut)> {
    breaches(judge(&room_of(policy), &message(body), &Facts::default()))
}

fn at(url: &'static str) -> NestedPart<'static> {
    asset_at("image/png", Disposition::RENDER, url, 10)
}

fn refused(policy: &AssetPolicy, url: &'static str) -> Option<Breach> {
    let mut found = found(policy, at(url));
    assert!(found.len() < 2);
    found.pop().map(|(breach, leave_out)| {
        assert_eq!(leave_out, LeaveOut::Part(0));
        breach
    })
}

#[test]
fn an_asset_is_on_a_host_of_its_senders_provider() {
    let policy = policy();
    for url in [
        "https://assets.b.example",
        "https://assets.b.example/1?a=@c#d",
        "HTTPS://Assets.B.Example/1",
    ] {
        assert_eq!(refused(&policy, url), None, "{url}");
    }
    let elsewhere = refused(&policy, "https://assets.a.example/1");
    assert_eq!(elsewhere, Some(Breach::Host("assets.a.example".into())));

    // To Alice the other one is right.
    let content = message(at("https://assets.a.example/1"));
    let verdict = check(
        &room_of(&policy),
        &alice(),
        &content,
        &Facts::default(),
        NOW,
    );
    assert_eq!(verdict, Ok(()));
}

#[test]
fn no_host_passes_for_another() {
    let host = |name: &str| Some(Breach::Host(name.to_owned()));
    let url = Some(Breach::Url);
    for (text, expected) in [
        (
            "https://assets.b.example.evil.example/",
            host("assets.b.example.evil.example"),
        ),
        (
            "https://evilassets.b.example/",
            host("evilassets.b.example"),
        ),
        ("https://x.assets.b.example/", host("x.assets.b.example")),
        ("https://b.example/", host("b.example")),
        ("https://assets.b.example./", host("assets.b.example.")),
        // With a Cyrillic a.
        (
            "https://\u{430}ssets.b.example/",
            host("xn--ssets-3ve.b.example"),
        ),
        ("https://203.0.113.7/", host("203.0.113.7")),
        ("https://0xcb007107/", host("203.0.113.7")),
        ("https://[2001:db8::1]/", host("[2001:db8::1]")),
        ("https://assets.b.example@evil.example/", url.clone()),
        ("https://bob@assets.b.example/", url.clone()),
        ("https://bob:secret@assets.b.example/", url.clone()),
        ("https://assets.b.example:8443/", url.clone()),
        ("https://assets.b.example:443/", url.clone()),
        ("https://assets%2eb.example/", url.clone()),
        ("https://assets\u{3002}b.example/", url.clone()),
        ("https://evil.example\\@assets.b.example/", url.clone()),
        ("https://assets.b.example\\.evil.example/", url.clone()),
        ("https:\\\\assets.b.example/", url.clone()),
        ("https:assets.b.example/", url.clone()),
        ("https:///assets.b.example/", url.clone()),
        (" https://assets.b.example/", url.clone()),
        ("https://assets.b.exa\tmple/", url.clone()),
        ("https://assets.b.example/\n", url.clone()),
        ("http://assets.b.example/", url.clone()),
        ("ftp://assets.b.example/", url.clone()),
        ("//assets.b.example/", url.clone()),
        ("assets.b.example/", url.clone()),
        ("data:image/png,", url.clone()),
        ("https://", url.clone()),
        ("", url),
    ] {
        assert_eq!(refused(&policy(), text), expected, "{text:?}");
    }
}

#[test]
fn a_host_name_too_long_to_be_one_is_not_repeated() {
    let url: &'static str = Box::leak(format!("https://{}b.example/", "a.".repeat(200)).into());
    assert_eq!(refused(&policy(), url), Some(Breach::Url));
}

#[test]
fn with_the_hub_its_hosts_count_for_everyone() {
    let policy = AssetPolicy {
        upload_location: AssetUploadLocation::HUB,
        upload_domains: vec![domains("hub.example", &["one.example", "two.example"])],
        ..policy()
    };
    assert_eq!(refused(&policy, "https://one.example/"), None);
    assert_eq!(refused(&policy, "https://two.example/"), None);
    let elsewhere = refused(&policy, "https://hub.example/");
    assert_eq!(elsewhere, Some(Breach::Host("hub.example".into())));
}

#[test]
fn where_anywhere_will_do_it_is_still_https() {
    let policy = AssetPolicy {
        upload_location: AssetUploadLocation::UNSPECIFIED,
        ..policy()
    };
    assert_eq!(refused(&policy, "https://elsewhere.example:8443/"), None);
    assert_eq!(refused(&policy, "https://[2001:db8::1]/"), None);
    for url in [
        "http://elsewhere.example/",
        "https://a@elsewhere.example/",
        "https://else where/",
    ] {
        assert_eq!(refused(&policy, url), Some(Breach::Url));
    }
}

#[test]
fn who_has_no_hosts_uploads_nothing() {
    let unlisted = AssetPolicy {
        upload_domains: vec![domains("a.example", &["assets.a.example"])],
        ..policy()
    };
    let unknown = AssetPolicy {
        upload_location: AssetUploadLocation(7),
        ..policy()
    };
    for policy in [unlisted, unknown] {
        assert_eq!(
            refused(&policy, "https://assets.b.example/"),
            Some(Breach::Host("assets.b.example".into()))
        );
    }
}

#[test]
fn the_largest_size_is_still_accepted() {
    let host = "https://assets.b.example/1";
    for (content_type, disposition, kind, max) in [
        ("image/png", Disposition::RENDER, AssetKind::Image, 100),
        ("audio/ogg", Disposition::RENDER, AssetKind::Audio, 200),
        ("video/mp4", Disposition::RENDER, AssetKind::Video, 300),
        (
            "image/png",
            Disposition::ATTACHMENT,
            AssetKind::Attachment,
            400,
        ),
    ] {
        let of = |size| found(&policy(), asset_at(content_type, disposition, host, size));
        assert_eq!(of(max), []);
        // Not stated.
        assert_eq!(of(0), []);
        let size = max + 1;
        let breach = Breach::TooLarge { kind, size, max };
        assert_eq!(of(size), [(breach, LeaveOut::Part(0))]);
        assert_eq!(max_size(&room_of(&policy()), kind), Some(max));
    }
    assert_eq!(max_size(&room(&[]), AssetKind::Image), None);
    assert_eq!(max_size(&room_of(&policy()), AssetKind::Service), None);
}

#[test]
fn a_limit_of_nothing_accepts_nothing() {
    let policy = AssetPolicy {
        max_image: 0,
        ..policy()
    };
    for size in [0, 1] {
        let host = "https://assets.b.example/1";
        let found = found(
            &policy,
            asset_at("image/png", Disposition::RENDER, host, size),
        );
        let breach = Breach::NoAssets(AssetKind::Image);
        assert_eq!(found, [(breach, LeaveOut::Part(0))]);
    }
}

#[test]
fn a_conference_has_a_host_but_no_size_or_type() {
    let policy = AssetPolicy {
        permitted_media_types: Some(vec![]),
        ..policy()
    };
    let conference = |url| asset_at("", Disposition::SESSION, url, u64::MAX);
    assert_eq!(found(&policy, conference("https://assets.b.example/")), []);
    assert_eq!(
        found(&policy, conference("https://evil.example/")),
        [(Breach::Host("evil.example".into()), LeaveOut::Part(0))]
    );
}

fn typed(content_type: &'static str) -> NestedPart<'static> {
    asset_at(
        content_type,
        Disposition::RENDER,
        "https://assets.b.example/1",
        10,
    )
}

fn media_type(essence: &str, parameters: &[(&str, &str)]) -> MediaType {
    MediaType {
        essence: essence.to_owned(),
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

#[test]
fn a_type_without_parameters_stands_for_all_and_one_with_them_for_itself() {
    let listed = vec![
        media_type("image/svg+xml", &[]),
        media_type("Image/PNG", &[("Profile", "b"), ("a", "1")]),
        media_type("text/x", &[("charset", "UTF-8")]),
    ];
    let cases = [
        ("image/svg+xml", true),
        ("IMAGE/SVG+XML; charset=utf-8", true),
        ("image/png", false),
        ("image/png;a=1", false),
        ("image/png;A=1;profile=b", true),
        ("image/png; profile=\"b\"; a=1", true),
        ("image/png;a=1;profile=B", false),
        ("image/png;a=1;profile=b;c=2", false),
        ("text/x;charset=utf-8", true),
        ("text/x", false),
        ("image/svg", false),
    ];
    let essence = |content_type: &str| {
        let parsed: MediaType = content_type.parse().unwrap();
        parsed.essence
    };
    let forbidding = AssetPolicy {
        forbidden_media_types: listed.clone(),
        ..policy()
    };
    let permitting = AssetPolicy {
        permitted_media_types: Some(listed),
        ..policy()
    };
    for (content_type, matches) in cases {
        let refusal = [(Breach::MediaType(essence(content_type)), LeaveOut::Part(0))];
        let (forbidden, permitted) = (
            found(&forbidding, typed(content_type)),
            found(&permitting, typed(content_type)),
        );
        let (refused, accepted) = if matches {
            (forbidden, permitted)
        } else {
            (permitted, forbidden)
        };
        assert_eq!(refused, refusal, "{content_type}");
        assert_eq!(accepted, [], "{content_type}");
    }
}

#[test]
fn what_is_forbidden_is_not_permitted() {
    let policy = AssetPolicy {
        forbidden_media_types: vec![media_type("image/png", &[("a", "1")])],
        permitted_media_types: Some(vec![media_type("image/png", &[])]),
        ..policy()
    };
    assert_eq!(found(&policy, typed("image/png;a=2")), []);
    assert_eq!(found(&policy, typed("image/png;a=1")).len(), 1);
    assert_eq!(found(&policy, typed("image/jpeg")).len(), 1);
}

#[test]
fn a_type_that_cannot_be_read_is_refused_where_there_are_lists() {
    let forbidding = AssetPolicy {
        forbidden_media_types: vec![media_type("image/svg+xml", &[])],
        ..policy()
    };
    let permitting = AssetPolicy {
        permitted_media_types: Some(vec![media_type("image/svg+xml", &[])]),
        ..policy()
    };
    let long: &'static str = Box::leak(format!("image/{}", "x".repeat(250)).into());
    for content_type in ["", "image/svg+xml;", "image /svg+xml", long] {
        for policy in [&forbidding, &permitting] {
            assert_eq!(
                found(policy, typed(content_type)),
                [(Breach::NoMediaType, LeaveOut::Part(0))]
            );
        }
        assert_eq!(found(&policy(), typed(content_type)), []);
    }
}

#[test]
fn what_is_forbidden_is_not_sent_within_messages_either() {
    let policy = AssetPolicy {
        forbidden_media_types: vec![media_type("image/svg+xml", &[])],
        permitted_media_types: Some(vec![media_type("image/png", &[])]),
        ..policy()
    };
    // Texts need not be permitted.
    let body = all_of(vec![
        NestedPart::plain("Hi"),
        NestedPart::single("image/svg+xml", &b"<svg/>"[..]),
    ]);
    let breach = Breach::MediaType("image/svg+xml".into());
    assert_eq!(found(&policy, body), [(breach, LeaveOut::Part(2))]);
}

#[test]
fn assets_are_judged_one_by_one() {
    let body = all_of(vec![
        NestedPart::plain("Hi"),
        at("https://evil.example/"),
        at("https://assets.b.example/"),
        asset_at("image/png", Disposition::RENDER, "http://x", 1000),
    ]);
    let verdict = judge(&room_of(&policy()), &message(body), &Facts::default());
    let found = verdict.unwrap_err();
    assert!(found.leave_out_parts().into_iter().eq([2, 4]));
    assert!(!found.leave_out_message());
    insta::assert_snapshot!(found.to_string().replace("; ", "\n"), @r#"
    part 2: assets of this sender may not be on evil.example (POLICY, "Asset policies component")
    part 4: assets need an https URL with a host name and nothing around it (POLICY, "Asset policies component")
    part 4: this room accepts image assets of at most 100 octets, and this has 1000 (POLICY, "Asset policies component")
    "#);
}

#[test]
fn an_edit_brings_no_asset_past_the_policy() {
    let edit: MimiContent<'_> = message(at("https://evil.example/")).with_replaces(id(1));
    let facts = replacing(true, false, true, false);
    let verdict = judge(&room_of(&policy()), &edit, &facts);
    let breach = Breach::Host("evil.example".into());
    assert_eq!(breaches(verdict), [(breach, LeaveOut::Part(0))]);
}

#[test]
fn without_an_asset_policy_nothing_is_asked_of_assets() {
    let body = asset_at("?", Disposition::RENDER, "http://x:1@y", u64::MAX);
    let verdict = judge(&room(&everything()), &message(body), &Facts::default());
    assert_eq!(verdict, Ok(()));
    assert!(may_download_by(&room(&[]), DownloadPrivacyType(9)));
}

#[test]
fn a_client_downloads_in_the_default_way_and_those_allowed_unless_forbidden() {
    let ways = [
        DownloadPrivacyType::DIRECT,
        DownloadPrivacyType::HUB_PROXY,
        DownloadPrivacyType::OHTTP,
    ];
    let [direct, proxy, ohttp] = ways;
    for (allowed, forbidden, expected) in [
        (vec![], vec![], vec![proxy]),
        (vec![direct], vec![], vec![direct, proxy]),
        (vec![direct, ohttp], vec![direct], vec![proxy, ohttp]),
        (vec![], vec![ohttp], vec![proxy]),
    ] {
        let policy = AssetPolicy {
            download_privacy: DownloadPrivacy {
                allowed,
                forbidden,
                default: proxy,
            },
            ..policy()
        };
        let room = room_of(&policy);
        let may: Vec<_> = ways
            .into_iter()
            .filter(|way| may_download_by(&room, *way))
            .collect();
        assert_eq!(may, expected);
    }
}
