//! The account of what happens: for people, or as JSON lines.

use serde::Serialize;

use crate::world::{Sighting, World};

/// Prints each event as it is told.
pub struct Account {
    json: bool,
    step: u32,
    exchanges: usize,
    octets: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    step: u32,
    #[serde(flatten)]
    sighting: &'a Sighting,
}

impl Account {
    pub fn new(json: bool) -> Self {
        Account {
            json,
            step: 0,
            exchanges: 0,
            octets: 0,
        }
    }

    /// Begins a step.
    pub fn step(&mut self, title: &str) {
        self.step += 1;
        if !self.json {
            println!("\n{}. {title}", self.step);
        }
    }

    /// Tells what was seen between providers since the last time.
    pub fn exchanges(&mut self, world: &mut World) {
        for sighting in std::mem::take(&mut world.seen) {
            self.exchanges += 1;
            self.octets += sighting.octets;
            self.line(&sighting);
        }
    }

    /// Tells of an act within a provider.
    pub fn act(&mut self, who: &str, what: &str, octets: usize, outcome: impl Into<String>) {
        self.line(&Sighting {
            from: who.to_owned(),
            to: who.to_owned(),
            what: format!("[[ {what} ]]"),
            octets,
            outcome: outcome.into(),
        });
    }

    fn line(&self, sighting: &Sighting) {
        if self.json {
            let line = Line {
                step: self.step,
                sighting,
            };
            println!("{}", serde_json::to_string(&line).expect("plain data"));
            return;
        }
        let Sighting {
            from,
            to,
            what,
            octets,
            outcome,
        } = sighting;
        let route = if from == to {
            from.clone()
        } else {
            format!("{from} -> {to}")
        };
        println!(
            "   {route:<26} {what}\n   {:<26} {octets} octets: {outcome}",
            ""
        );
    }

    /// Ends the account.
    pub fn summary(&self, words: &[String]) {
        if self.json {
            let line = serde_json::json!({
                "step": self.step,
                "summary": words,
                "exchanges": self.exchanges,
                "octets": self.octets,
            });
            println!("{line}");
            return;
        }
        println!("\nAll agree.");
        for word in words {
            println!("   {word}");
        }
        println!(
            "   {} exchanges between providers, {} octets of bodies",
            self.exchanges, self.octets
        );
    }
}
