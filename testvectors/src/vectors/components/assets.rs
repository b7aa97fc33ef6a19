//! `asset_policy`.

use mimi_content::media::MediaType;
use mimi_content::tls::Encode;
use mimi_policy::{
    AssetPolicy, AssetUploadLocation, DownloadPrivacy, DownloadPrivacyType,
    ProviderAssetUploadDomains,
};

use super::{family, host, refused, text, valid, vector};
use crate::vectors::Family;
use crate::vectors::tls::Structure;

/// An asset policy as digits: what comes before the sizes, and the media types.
fn policy(location: &str, domains: &str, privacy: &str, types: &str) -> String {
    let sizes = "ffffffffffffffff 0000000000000000 0000000000000001 00ffffffffffffff";
    format!("{location} {} {privacy} {sizes} {types}", vector(domains))
}

/// One provider without a host for its assets, which is five octets.
const PROVIDER: &str = "03 612e62 00";

pub(in crate::vectors) fn asset_policy() -> Family {
    let assets = Structure("AssetPolicy");
    let full = full();
    let none = AssetPolicy {
        permitted_media_types: Some(Vec::new()),
        ..full.clone()
    };
    let mut cases = vec![
        assets.valid("every field set", &full),
        assets.valid("no media type permitted", &none),
    ];
    let (hub, anywhere) = (
        policy("02", PROVIDER, "00 00 00", "00 00"),
        policy("00", "", "00 00 00", "00 00"),
    );
    let unknown = policy("c8", "", "02 c9ca 01 cb cc", "00 00");
    let both = policy("00", "", "01 00 01 00 01", "00 00");
    let twice = policy("01", &format!("{PROVIDER}{PROVIDER}"), "00 00 02", "00 00");
    let hosts = "02 6162".repeat(64);
    let hosts = policy(
        "01",
        &format!("03 612e62 {}", vector(&hosts)),
        "00 00 00",
        "00 00",
    );
    // Two octets of length for the name, one for no parameters.
    let longest = format!("{} 00", vector(&"61".repeat(1021)));
    let longest = policy("00", "", "00 00 00", &format!("{} 00", vector(&longest)));
    cases.extend(valid(
        &assets,
        &[
            ("at the hub", &hub),
            ("anywhere, anything", &anywhere),
            ("values that are not known", &unknown),
            ("a way allowed and forbidden", &both),
            ("a provider twice", &twice),
            ("64 hosts of a provider", &hosts),
            ("a media type of 1024 octets", &longest),
        ],
    ));
    cases.extend(refusals(&assets));
    cases.extend(assets.bounds(&full.to_vec().unwrap()));
    family(
        "asset_policy",
        "Files, images, audio and video of a room (POLICY, \"Asset policies component\")",
        cases,
    )
}

fn full() -> AssetPolicy {
    let jpeg = MediaType {
        essence: "image/jpeg".to_owned(),
        parameters: vec![
            ("a".to_owned(), "b; c".to_owned()),
            ("d".to_owned(), String::new()),
        ],
    };
    AssetPolicy {
        upload_location: AssetUploadLocation::LOCAL_PROVIDER,
        upload_domains: vec![
            ProviderAssetUploadDomains {
                provider: host("a.example"),
                destinations: vec![host("cdn.a.example"), host("xn--bcher-kva.example")],
            },
            ProviderAssetUploadDomains {
                provider: host("b.example"),
                destinations: Vec::new(),
            },
        ],
        download_privacy: DownloadPrivacy {
            allowed: vec![DownloadPrivacyType::OHTTP, DownloadPrivacyType::HUB_PROXY],
            forbidden: vec![DownloadPrivacyType::DIRECT],
            default: DownloadPrivacyType::OHTTP,
        },
        max_image: 10_000_000,
        max_audio: 20_000_000,
        max_video: 1 << 40,
        max_attachment: u64::MAX,
        forbidden_media_types: vec![MediaType::new("application/x-msdownload")],
        permitted_media_types: Some(vec![MediaType::new("image/png"), jpeg]),
    }
}

fn refusals(assets: &Structure) -> Vec<crate::vectors::Case> {
    let at_hub = |domains: &str| policy("02", domains, "00 00 00", "00 00");
    let at = |domains: &str| policy("01", domains, "00 00 00", "00 00");
    let by = |privacy: &str| policy("00", "", privacy, "00 00");
    let of = |types: &str| policy("00", "", "00 00 00", types);
    let nobody = at_hub("");
    let two = at_hub(&format!("{PROVIDER}{PROVIDER}"));
    let upper = at("03 412e62 00");
    let empty = at("00 00");
    let port = at(&format!("03 612e62 {}", vector("05 612e623a31")));
    let address = at(&format!("{} 00", text("192.0.2.1")));
    let utf8 = at("03 61ff62 00");
    let long = at(&format!("{} 00", text(&"a".repeat(254))));
    let hosts = at(&format!("03 612e62 {}", vector(&"02 6162".repeat(65))));
    let providers = at(&"01 61 00".repeat(1025));
    let forbidden = by("02 0001 02 0203 02");
    let allowed = by(&format!("{} 00 00", vector(&"07".repeat(257))));
    let many_forbidden = by(&format!("00 {} 00", vector(&"07".repeat(257))));
    let presence = of("00 02 00");
    let half = of("05 03 612f62 01 00");
    let type_utf8 = of("05 03 61ff62 00 00");
    let parameter_utf8 = of("08 03 612f62 03 01 ff 00 00");
    let types = of(&format!("{} 00", vector(&"00 00".repeat(257))));
    let permitted = of(&format!("00 01 {}", vector(&"00 00".repeat(257))));
    let longer = format!("{} 00", vector(&"61".repeat(1022)));
    let longer = of(&format!("{} 00", vector(&longer)));
    // What stands before the media types when there is no provider.
    let head = 1 + 1 + 3 + 4 * 8;
    refused(
        assets,
        &[
            ("at the hub, and no provider", &nobody, "structure", 1),
            ("at the hub, and two providers", &two, "structure", 1),
            ("a provider in upper case", &upper, "structure", 2),
            ("an empty provider", &empty, "structure", 2),
            ("a host with a port", &port, "structure", 7),
            ("a provider that is an address", &address, "structure", 2),
            ("a provider that is not UTF-8", &utf8, "utf8", 4),
            ("a provider of 254 octets", &long, "limit", 3),
            ("65 hosts of a provider", &hosts, "limit", 9 + 64 * 3),
            ("1025 providers", &providers, "limit", 3 + 1024 * 3),
            ("the default is forbidden", &forbidden, "structure", 8),
            ("257 ways allowed", &allowed, "limit", 4 + 256),
            ("257 ways forbidden", &many_forbidden, "limit", 5 + 256),
            (
                "a list neither there nor not",
                &presence,
                "presence",
                head + 1,
            ),
            ("half a media type", &half, "truncated", head + 6),
            (
                "a media type that is not UTF-8",
                &type_utf8,
                "utf8",
                head + 3,
            ),
            (
                "a parameter that is not UTF-8",
                &parameter_utf8,
                "utf8",
                head + 7,
            ),
            ("257 media types", &types, "limit", head + 2 + 256 * 2),
            (
                "257 media types permitted",
                &permitted,
                "limit",
                head + 4 + 256 * 2,
            ),
            ("a media type of 1025 octets", &longer, "limit", head + 2),
        ],
    )
}
