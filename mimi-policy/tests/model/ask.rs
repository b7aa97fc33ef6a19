//! The engine's answer to the same question, and whether both agree.

use mimi_policy::{Op, RoomPolicy};

use super::compare;
use super::generate::Recipe;
use super::judge::{Rests, judge};
use super::room::{Attempt, Room};

/// Whether what the recipe makes is allowed.
///
/// # Errors
/// When engine and model do not agree, with everything that there is to know.
pub(crate) fn agree(recipe: &Recipe) -> Result<bool, String> {
    let (room, attempt) = recipe.build();
    let questions = recipe.questions(&room, &attempt);
    let policy = room.policy();
    compare::answers(&policy, &room, &questions)?;
    compare::proposals(&policy, &room, &attempt, &questions)?;
    match commits(&policy, &room, &attempt)? {
        None => Ok(false),
        // The engine goes on with what it has worked out, the model starts anew.
        Some((policy, room)) => {
            compare::answers(&policy, &room, &questions)?;
            commits(&policy, &room, &recipe.next(&room)).map(|_| true)
        }
    }
}

/// What a commit leads to, if it is allowed.
pub(super) fn commits(
    policy: &RoomPolicy,
    room: &Room,
    attempt: &Attempt,
) -> Result<Option<(RoomPolicy, Room)>, String> {
    let (expected, answer) = (judge(room, attempt), ask(policy, room, attempt));
    match (expected, answer) {
        (Err(_), Err(_)) => Ok(None),
        (Ok(one), Ok((policy, rests)))
            if one.room.components() == policy.components() && one.rests_on_hub == rests =>
        {
            Ok(Some((policy, one.room)))
        }
        (expected, answer) => Err(format!(
            "the model says {expected:?},\nthe engine {answer:?}\nto {attempt:#?}\nin {room:#?}"
        )),
    }
}

fn ask(policy: &RoomPolicy, room: &Room, attempt: &Attempt) -> Result<(RoomPolicy, Rests), String> {
    let updates = attempt.updates();
    let updates = updates
        .iter()
        .map(|(id, octets)| (*id, octets.map_or(Op::Remove, Op::Update)));
    let draft = policy.resolve(updates).map_err(|error| error.to_string())?;
    // What an MLS implementation makes of the draft.
    let mut told = policy.components();
    for (id, data) in draft.changed() {
        match data {
            Some(data) => drop(told.insert(id, data.clone())),
            None => drop(told.remove(id)),
        }
    }
    let verdict = attempt.with_candidate(room, |candidate| policy.authorize(&draft, candidate));
    let verdict = verdict.map_err(|error| error.to_string())?;
    assert_eq!(
        told,
        verdict.policy().components(),
        "the draft and the verdict differ"
    );
    let rests = verdict.rests_on_hub();
    let rests = Rests {
        join_code: rests.join_code,
        parent_room: rests.parent_room,
        twin_room: rests.twin_room,
    };
    Ok((verdict.into_policy(), rests))
}
