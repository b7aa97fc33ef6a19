//! A host's store for one engine: a snapshot and the entries since.

use mimi_protocol::engine::{CryptoProvider, Engine, Env, Output, Step};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An engine whose every step is written before anything leaves it.
#[derive(Debug)]
pub struct Durable<E> {
    /// The engine.
    pub engine: E,
    snapshot: Vec<u8>,
    journal: Vec<Vec<u8>>,
}

impl<E> Durable<E>
where
    E: Engine,
    E::Entry: Serialize + DeserializeOwned,
    E::Snapshot: Serialize + DeserializeOwned,
{
    /// Takes an engine over and writes its state.
    pub fn new(engine: E) -> Self {
        let snapshot = write(&engine.snapshot().expect("a state can be written"));
        Durable {
            engine,
            snapshot,
            journal: Vec::new(),
        }
    }

    /// Makes a step and writes its entry.
    pub fn step<P: CryptoProvider>(
        &mut self,
        input: E::Input,
        env: &Env<'_, P, E::Keys>,
    ) -> Result<Step<E>, E::Rejection> {
        let step = self.engine.step(input, env)?;
        if let Some(entry) = &step.entry {
            self.journal.push(write(entry));
        }
        Ok(step)
    }

    /// Loses the engine and brings it back from what was written; gives what it
    /// owes.
    pub fn crash(&mut self) -> Vec<Output<E::Local>> {
        self.engine = self.restored();
        self.engine.owed()
    }

    /// The engine that the written state holds.
    pub fn restored(&self) -> E {
        let mut engine = E::restore(&read(&self.snapshot)).expect("the snapshot is whole");
        for entry in &self.journal {
            engine.replay(&read(entry)).expect("the journal is whole");
        }
        engine
    }

    /// Checks that what was written brings back this very engine, and all that it
    /// owes.
    pub fn verify(&self)
    where
        E::Snapshot: PartialEq + std::fmt::Debug,
        E::Local: PartialEq + std::fmt::Debug,
        E::Corrupt: PartialEq,
    {
        let restored = self.restored();
        assert!(
            restored.snapshot() == self.engine.snapshot(),
            "the journal leads to another state"
        );
        assert_eq!(restored.owed(), self.engine.owed());
    }

    /// Octets of the snapshot and of the entries since.
    pub fn written(&self) -> (usize, usize) {
        (self.snapshot.len(), self.journal.iter().map(Vec::len).sum())
    }
}

fn write(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).expect("memory does not fail");
    out
}

fn read<T: DeserializeOwned>(octets: &[u8]) -> T {
    ciborium::from_reader(octets).expect("what was written reads back")
}
