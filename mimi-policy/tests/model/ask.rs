//! The engine's answer to the same question, and whether both agree.

use mimi_policy::Op;

use super::generate::Recipe;
use super::judge::{Answer, Rests, judge};
use super::room::{Attempt, Room};

/// Whether what the recipe makes is allowed.
///
/// # Errors
/// When engine and model do not agree, with everything that there is to know.
pub(crate) fn agree(recipe: &Recipe) -> Result<bool, String> {
    let (room, attempt) = recipe.build();
    let (expected, answer) = (judge(&room, &attempt), ask(&room, &attempt));
    match (&expected, &answer) {
        (Err(_), Err(_)) => Ok(false),
        (Ok(one), Ok(other)) if one == other => Ok(true),
        _ => Err(format!(
            "the model says {expected:?},\nthe engine {answer:?}\nto {attempt:#?}\nin {room:#?}"
        )),
    }
}

fn ask(room: &Room, attempt: &Attempt) -> Result<Answer, String> {
    let policy = room.policy();
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
    let after = verdict.policy().components();
    assert_eq!(told, after, "the draft and the verdict differ");
    let rests = verdict.rests_on_hub();
    Ok(Answer {
        room: after,
        rests_on_hub: Rests {
            join_code: rests.join_code,
            parent_room: rests.parent_room,
            twin_room: rests.twin_room,
        },
    })
}
