//! Cases of hubs that weigh what several have reported.

use serde_json::{Value, json};

use super::super::Case;
use super::super::content::{ALICE, ROOM};
use super::story::{ACCEPTED, BOB};

const CAROL: &str = "mimi://b.example/u/carol";
const DAVE: &str = "mimi://d.example/u/dave";
const EVE: &str = "mimi://a.example/u/eve";

/// A message with a verdict; content is 32 times one octet.
fn message(time: u64, content: &str, fault: Option<&str>) -> Value {
    json!({
        "accepted_timestamp": time.to_string(),
        "content": content.repeat(32),
        "hub_key": fault.is_none().then_some("autumn"),
        "fault": fault,
    })
}

/// An account of Alice's message in the room, by somebody.
fn account(by: &str, message: &Value) -> Value {
    json!({ "reporter": by, "accused": ALICE, "room": ROOM, "message": message })
}

/// The accounts of a case; users and independent providers of the witnesses, and of
/// those who dispute.
type Accounts = (&'static str, Vec<Value>, [u8; 2], [u8; 2]);

pub(super) fn weights() -> Vec<Case> {
    let proven = message(ACCEPTED, "c0", None);
    let fault = |fault: &str| message(ACCEPTED, "c1", Some(fault));
    let other = fault("other_content");
    let shown = |by: &[&str]| by.iter().map(|user| account(user, &proven)).collect();
    let beside = |by: &str, message: Value| vec![account(BOB, &proven), account(by, &message)];
    let altered = |name: &str, value: &str| {
        let mut account = account(DAVE, &proven);
        account[name] = json!(value);
        vec![account]
    };
    let disputes = |by: &[&str]| {
        let theirs = by.iter().map(|user| account(user, &other));
        [account(BOB, &proven)].into_iter().chain(theirs).collect()
    };
    let earlier = message(ACCEPTED - 1, "c0", None);
    let disputed_earlier = message(ACCEPTED - 1, "c1", Some("other_content"));
    let same = |fault: &str| message(ACCEPTED, "c0", Some(fault));
    let cases: Vec<Accounts> = vec![
        ("nobody", vec![], [0, 0], [0, 0]),
        ("one of another provider", shown(&[BOB]), [1, 1], [0, 0]),
        ("one twice", shown(&[BOB, BOB]), [1, 1], [0, 0]),
        ("two of one provider", shown(&[BOB, CAROL]), [2, 1], [0, 0]),
        ("two of two providers", shown(&[BOB, DAVE]), [2, 2], [0, 0]),
        (
            "one of the accused's provider",
            shown(&[EVE]),
            [1, 0],
            [0, 0],
        ),
        ("the accused", shown(&[ALICE]), [0, 0], [0, 0]),
        (
            "other content at that time",
            disputes(&[DAVE]),
            [1, 1],
            [1, 1],
        ),
        (
            "one disputes twice",
            disputes(&[DAVE, DAVE]),
            [1, 1],
            [1, 1],
        ),
        ("two dispute", disputes(&[DAVE, EVE]), [1, 1], [2, 1]),
        (
            "the reporter shows other content as well",
            disputes(&[BOB]),
            [1, 1],
            [1, 1],
        ),
        (
            "other content that is proven as well",
            beside(DAVE, message(ACCEPTED, "c1", None)),
            [1, 1],
            [1, 1],
        ),
        ("the accused disputes", disputes(&[ALICE]), [1, 1], [0, 0]),
        (
            "the accused's provider disputes",
            disputes(&[EVE]),
            [1, 1],
            [1, 0],
        ),
        (
            "a message of another time",
            beside(DAVE, earlier),
            [1, 1],
            [0, 0],
        ),
        (
            "other content at another time",
            beside(DAVE, disputed_earlier),
            [1, 1],
            [0, 0],
        ),
        (
            "a message that was never stamped",
            beside(DAVE, fault("never_franked")),
            [1, 1],
            [0, 0],
        ),
        (
            "a message without the hub's signature",
            beside(DAVE, fault("signature")),
            [1, 1],
            [0, 0],
        ),
        (
            "the same content, once the hub key is revoked",
            beside(DAVE, same("other_content")),
            [1, 1],
            [0, 0],
        ),
        (
            "the same content, once the hub key is erased",
            beside(DAVE, same("key_erased")),
            [1, 1],
            [0, 0],
        ),
        (
            "other content, once the hub key is erased",
            beside(DAVE, fault("key_erased")),
            [1, 1],
            [0, 0],
        ),
        (
            "of another accused",
            altered("accused", CAROL),
            [0, 0],
            [0, 0],
        ),
        (
            "in another room",
            altered("room", "mimi://hub.example/r/cellar"),
            [0, 0],
            [0, 0],
        ),
    ];
    let unproven = (
        "a report that is not proven",
        disputes(&[DAVE]),
        [0, 0],
        [0, 0],
    );
    let cases = cases.into_iter().map(|case| (&proven, case));
    cases
        .chain([(&other, unproven)])
        .map(|(report, (name, accounts, witnesses, disputes))| {
            let input = json!({ "report": account(BOB, report), "accounts": accounts });
            let case = Case::valid("report_weigh", &format!("weigh: {name}"), input);
            let voices =
                |[users, independent]: [u8; 2]| json!({ "users": users, "independent": independent });
            let expected = json!({ "witnesses": voices(witnesses), "disputes": voices(disputes) });
            assert_eq!(case.valid, Some(expected), "{name}");
            case
        })
        .collect()
}
