//! Search everywhere, through the door.

use std::sync::atomic::Ordering;

use super::School;
use crate::{
    error::Error,
    model::{FoundEverywhere, Opened},
};

impl School {
    /// What a text finds in the whole school, a few of each kind: meant to be asked at each key press. Of no text it is
    /// what was opened last. `None` where a later question came before this one was answered: nobody waits for it.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn find_everywhere(&self, text: &str) -> Result<Option<FoundEverywhere>, Error> {
        let turn = self.0.asked.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(self.cache().find_everywhere(text, || self.0.asked.load(Ordering::Relaxed) != turn).await?)
    }

    /// Remembers that something was opened, on this machine alone: the latest 8. What is not here is not remembered.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn note_opened(&self, opened: Opened) -> Result<(), Error> {
        Ok(self.cache().note_opened(opened).await?)
    }
}
