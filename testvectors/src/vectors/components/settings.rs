//! The components that are switches with a few details.

use mimi_content::tls::Encode;
use mimi_policy::{
    Bot, BotPolicy, BotRole, ExpirationDurations, HistoryDetails, HistoryPolicy, LinkPreviewPolicy,
    LinkPreviewProxy, LoggingDetails, LoggingPolicy, MessageExpiration, Optionality,
};

use super::{family, refused, text, uri, valid, vector};
use crate::hex;
use crate::vectors::Family;
use crate::vectors::tls::Structure;

pub(in crate::vectors) fn status_notification_policy() -> Family {
    let status = Structure("StatusNotificationPolicy");
    let mut cases = valid(
        &status,
        &[
            ("both optional", "00 00"),
            ("deliveries required, receipts forbidden", "01 02"),
            ("both required", "01 01"),
            ("both forbidden", "02 02"),
        ],
    );
    cases.extend(refused(
        &status,
        &[
            ("nothing", "", "truncated", 0),
            ("deliveries of 3", "03 00", "unknown", 0),
            ("receipts of 3", "00 03", "unknown", 1),
            ("receipts of 255", "00 ff", "unknown", 1),
        ],
    ));
    cases.extend(status.bounds(&[1, 0]));
    family(
        "status_notification_policy",
        "Who is told what became of a message (POLICY, \"Status Notifications component\")",
        cases,
    )
}

pub(in crate::vectors) fn link_preview_policy() -> Family {
    let preview = Structure("LinkPreviewPolicy");
    let full = LinkPreviewPolicy {
        autodetect_hyperlinks: true,
        send_link_previews: Optionality::Required,
        automatic_link_previews: Optionality::Forbidden,
        proxy: LinkPreviewProxy::Required(uri("https://previews.a.example/p?q=1")),
    };
    let optional = LinkPreviewPolicy {
        proxy: LinkPreviewProxy::Optional(uri("x:y")),
        ..full.clone()
    };
    let forbidden = LinkPreviewPolicy {
        autodetect_hyperlinks: false,
        proxy: LinkPreviewProxy::Forbidden,
        ..full.clone()
    };
    let mut cases = vec![
        preview.octets("no proxy", &[0, 0, 0, 2]),
        preview.valid("a proxy required", &full),
        preview.valid("a proxy optional", &optional),
        preview.valid("links not detected", &forbidden),
    ];
    let proxies = |proxies: &str| format!("00 00 00 01 {}", vector(proxies));
    let two = proxies(&format!("{0}{0}", text("x:y")));
    let (empty, none) = (proxies("00"), proxies(&text("a.example")));
    cases.extend(refused(
        &preview,
        &[
            ("detection required", "01 00 00 02", "structure", 0),
            ("detection of 3", "03 00 00 02", "unknown", 0),
            ("previews sent of 3", "00 03 00 02", "unknown", 1),
            ("automatic previews of 3", "00 00 03 02", "unknown", 2),
            ("a use of 3", "00 00 00 03", "unknown", 3),
            (
                "a proxy required and none",
                "00 00 00 01 00",
                "structure",
                4,
            ),
            (
                "a proxy optional and none",
                "00 00 00 00 00",
                "structure",
                4,
            ),
            ("two proxies", &two, "structure", 9),
            ("an empty proxy", &empty, "structure", 6),
            ("a proxy that is no URI", &none, "structure", 6),
            (
                "a proxy forbidden and one",
                "00 00 00 02 04 03 783a79",
                "trailing",
                4,
            ),
            (
                "a proxy longer than its vector",
                "00 00 00 01 03 03 783a79",
                "truncated",
                6,
            ),
            (
                "a proxy that is not UTF-8",
                "00 00 00 01 04 03 783aff",
                "utf8",
                8,
            ),
            (
                "a length in two octets",
                "00 00 00 01 4004 03 783a79",
                "non_minimal_length",
                4,
            ),
        ],
    ));
    cases.extend(preview.bounds(&full.to_vec().unwrap()));
    family(
        "link_preview_policy",
        "How clients treat links in messages (POLICY, \"Link Preview policy component\")",
        cases,
    )
}

pub(in crate::vectors) fn logging_policy() -> Family {
    let logging = Structure("LoggingPolicy");
    let full = LoggingPolicy::Required(LoggingDetails {
        clients: vec![
            uri("mimi://a.example/d/archive/1"),
            uri("mimi://b.example/d/log"),
        ],
        machine_readable_policy: Some(uri("https://a.example/logging.json")),
        human_readable_policy: Some(uri("HTTPS://a.example/logging#why")),
    });
    let some = LoggingDetails {
        clients: vec![uri("x:y")],
        human_readable_policy: Some(uri("h:")),
        ..LoggingDetails::default()
    };
    let mut cases = vec![
        logging.octets("forbidden", &[2]),
        logging.octets("optional, and nobody does", &[0, 0, 0, 0]),
        logging.valid(
            "optional, and somebody does",
            &LoggingPolicy::Optional(some),
        ),
        logging.valid("required, with every field", &full),
    ];
    let clients = vector(&text("x:").repeat(257));
    let crowd = format!("01 {clients} 00 00");
    cases.extend(refused(
        &logging,
        &[
            ("logging of 3", "03", "unknown", 0),
            ("required and nobody does", "01 00 00 00", "structure", 1),
            ("forbidden with details", "02 00 00 00", "trailing", 1),
            ("an empty client", "01 01 00 00 00", "structure", 3),
            (
                "a client that is no URI",
                "00 04 03 613a20 00 00",
                "structure",
                5,
            ),
            (
                "a machine-readable policy that is no URI",
                "00 00 01 2f 00",
                "structure",
                3,
            ),
            (
                "a human-readable policy that is no URI",
                "00 00 00 03 783a25",
                "structure",
                6,
            ),
            (
                "a client that is not UTF-8",
                "00 04 03 783aff 00 00",
                "utf8",
                5,
            ),
            ("without policies", "01 04 03 783a79", "truncated", 6),
            (
                "a length of eight octets",
                "00 c0 00 00",
                "length_prefix",
                1,
            ),
            // Behind 256 clients of three octets each.
            ("257 clients", &crowd, "limit", 3 + 256 * 3),
        ],
    ));
    cases.extend(logging.bounds(&full.to_vec().unwrap()));
    family(
        "logging_policy",
        "Whether messages are logged, and by whom (POLICY, \"Logging policy component\")",
        cases,
    )
}

pub(in crate::vectors) fn chat_history_policy() -> Family {
    let history = Structure("HistoryPolicy");
    let details = HistoryDetails {
        roles: vec![4, 2, u32::MAX],
        automatic: true,
        max_period: 604_800,
    };
    let full = HistoryPolicy::Required(details.clone());
    let mut cases = vec![
        history.octets("forbidden", &[2]),
        history.valid("optional", &HistoryPolicy::Optional(details)),
        history.valid("required", &full),
        history.octets("required of nobody", &hex::literal("01 00 00 00000000")),
        history.octets(
            "for ever, by a role named twice",
            &hex::literal("00 08 00000002 00000002 00 ffffffff"),
        ),
    ];
    let roles = vector(&"00000002".repeat(257));
    let crowd = format!("01 {roles} 00 00000000");
    cases.extend(refused(
        &history,
        &[
            ("sharing of 3", "03", "unknown", 0),
            (
                "role 0 shares",
                "01 08 00000002 00000000 00 00000000",
                "structure",
                6,
            ),
            (
                "role 1 shares",
                "00 04 00000001 00 00000000",
                "structure",
                2,
            ),
            ("half a role", "00 02 0000 00 00000000", "truncated", 2),
            (
                "automatically of 2",
                "00 04 00000002 02 00000000",
                "unknown",
                6,
            ),
            ("forbidden with details", "02 00 00 00000000", "trailing", 1),
            ("257 roles", &crowd, "limit", 3 + 256 * 4),
        ],
    ));
    cases.extend(history.bounds(&full.to_vec().unwrap()));
    family(
        "chat_history_policy",
        "What new joiners learn of the past (POLICY, \"Chat history policy component\")",
        cases,
    )
}

pub(in crate::vectors) fn bot_policy() -> Family {
    let bots = Structure("BotPolicy");
    let poker = Bot {
        name: "p\u{f6}ker".to_owned(),
        description: "deals each a hand".to_owned(),
        homepage: Some(uri("https://bots.a.example/poker")),
        role: BotRole::Index(7),
        can_target_message_in_group: true,
        per_user_content: true,
    };
    let local = Bot {
        name: "speller".to_owned(),
        homepage: None,
        role: BotRole::LocalClient,
        per_user_content: false,
        ..poker.clone()
    };
    let idle = Bot {
        role: BotRole::Index(0),
        can_target_message_in_group: false,
        ..local.clone()
    };
    let full = BotPolicy {
        allowed_bots: vec![poker, local, idle],
    };
    let mut cases = vec![
        bots.octets("none", &[0]),
        bots.octets(
            "one without any text",
            &hex::literal("0a 00 00 00 00 ffffffff 00 00"),
        ),
        bots.valid("a participant, a local one, an idle one", &full),
    ];
    let bot = |digits: &str| vector(digits);
    let with_role = bot("00 00 00 01 00000002 00 00");
    let local_of_2 = bot("00 00 00 02 00000000 00 00");
    let target_of_2 = bot("00 00 00 00 00000002 02 00");
    let content_of_2 = bot("00 00 00 00 00000002 00 02");
    let homepage = bot("00 00 03 612e62 00 00000002 00 00");
    let name = bot("02 61ff 00 00 00 00000002 00 00");
    let description = bot("00 01 80 00 00 00000002 00 00");
    let half = bot("00 00 00 00 00000002 00");
    let crowd = bot(&"00 00 00 00 00000000 00 00 ".repeat(257));
    cases.extend(refused(
        &bots,
        &[
            ("a local one with a role", &with_role, "structure", 5),
            ("local of 2", &local_of_2, "unknown", 4),
            ("targets of 2", &target_of_2, "unknown", 9),
            ("content of 2", &content_of_2, "unknown", 10),
            ("a homepage that is no URI", &homepage, "structure", 4),
            ("a name that is not UTF-8", &name, "utf8", 3),
            ("a description that is not UTF-8", &description, "utf8", 3),
            ("a bot without its last field", &half, "truncated", 10),
            ("257 bots", &crowd, "limit", 2 + 256 * 10),
        ],
    ));
    cases.extend(bots.bounds(&full.to_vec().unwrap()));
    family(
        "bot_policy",
        "Which chat bots a room allows (POLICY, \"Chat bot policy component\")",
        cases,
    )
}

pub(in crate::vectors) fn message_expiration_policy() -> Family {
    let expiration = Structure("MessageExpiration");
    let durations = ExpirationDurations {
        min: 60,
        max: 604_800,
        default: Some(86_400),
    };
    let full = MessageExpiration::Required(durations);
    let open = ExpirationDurations {
        default: None,
        ..durations
    };
    let mut cases = vec![
        expiration.octets("forbidden", &[2]),
        expiration.valid("required with a default", &full),
        expiration.valid("optional without", &MessageExpiration::Optional(open)),
    ];
    cases.extend(valid(
        &expiration,
        &[
            ("at once", "01 00000000 00000000 01 00000000"),
            (
                "the default is the shortest",
                "00 00000002 00000004 01 00000002",
            ),
            (
                "the default is the longest",
                "00 00000002 ffffffff 01 ffffffff",
            ),
        ],
    ));
    cases.extend(refused(
        &expiration,
        &[
            ("expiring of 3", "03", "unknown", 0),
            (
                "the shortest longer than the longest",
                "01 00000004 00000003 00",
                "structure",
                1,
            ),
            (
                "a default below the shortest",
                "00 00000002 00000004 01 00000001",
                "structure",
                1,
            ),
            (
                "a default above the longest",
                "00 00000002 00000004 01 00000005",
                "structure",
                1,
            ),
            (
                "a default neither there nor not",
                "00 00000002 00000004 02 00000003",
                "presence",
                9,
            ),
            (
                "forbidden with durations",
                "02 00000000 00000000 00",
                "trailing",
                1,
            ),
            (
                "without the presence of a default",
                "01 00000001 00000002",
                "truncated",
                9,
            ),
        ],
    ));
    cases.extend(expiration.bounds(&full.to_vec().unwrap()));
    family(
        "message_expiration_policy",
        "Whether messages disappear, and when (POLICY, \"Message expiration policy component\")",
        cases,
    )
}
