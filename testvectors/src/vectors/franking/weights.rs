//! Cases of hubs that weigh what several have reported.

use serde_json::{Value, json};

use super::super::Case;
use super::super::content::ALICE;
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

/// The accounts of a case, and witnesses, independent ones, and whether it is
/// disputed.
type Accounts = (&'static str, Vec<(&'static str, Value)>, (u8, u8, bool));

pub(super) fn weights() -> Vec<Case> {
    let proven = message(ACCEPTED, "c0", None);
    let other = message(ACCEPTED, "c1", None);
    let earlier = message(ACCEPTED - 1, "c0", None);
    let fault = |fault: &str| message(ACCEPTED, "c1", Some(fault));
    let disputed_earlier = message(ACCEPTED - 1, "c1", Some("other_content"));
    let shown = |by: &[&'static str]| by.iter().map(|user| (*user, proven.clone())).collect();
    let beside = |by: &'static str, message: Value| vec![(BOB, proven.clone()), (by, message)];
    let cases: Vec<Accounts> = vec![
        ("nobody", vec![], (0, 0, false)),
        ("one of another provider", shown(&[BOB]), (1, 1, false)),
        ("one twice", shown(&[BOB, BOB]), (1, 1, false)),
        ("two of one provider", shown(&[BOB, CAROL]), (2, 1, false)),
        ("two of two providers", shown(&[BOB, DAVE]), (2, 2, false)),
        (
            "one of the accused's provider",
            shown(&[EVE]),
            (1, 0, false),
        ),
        ("the accused", shown(&[ALICE]), (0, 0, false)),
        (
            "other content at that time",
            beside(DAVE, fault("other_content")),
            (1, 1, true),
        ),
        (
            "other content that is proven as well",
            beside(DAVE, other),
            (1, 1, true),
        ),
        (
            "the accused disputes",
            beside(ALICE, fault("other_content")),
            (1, 1, false),
        ),
        (
            "the accused's provider disputes",
            beside(EVE, fault("other_content")),
            (1, 1, true),
        ),
        (
            "a message of another time",
            beside(DAVE, earlier),
            (1, 1, false),
        ),
        (
            "other content at another time",
            beside(DAVE, disputed_earlier),
            (1, 1, false),
        ),
        (
            "a message that was never stamped",
            beside(DAVE, fault("never_franked")),
            (1, 1, false),
        ),
        (
            "a message without the hub's signature",
            beside(DAVE, fault("signature")),
            (1, 1, false),
        ),
    ];
    cases
        .into_iter()
        .map(|(name, accounts, expected)| {
            let accounts = accounts.into_iter();
            let accounts: Vec<_> = accounts
                .map(|(reporter, message)| json!({ "reporter": reporter, "message": message }))
                .collect();
            let input = json!({ "accused": ALICE, "message": proven, "accounts": accounts });
            let case = Case::valid("report_weigh", &format!("weigh: {name}"), input);
            let (witnesses, independent, disputed) = expected;
            let expected =
                json!({ "witnesses": witnesses, "independent": independent, "disputed": disputed });
            assert_eq!(case.valid, Some(expected), "{name}");
            case
        })
        .collect()
}
