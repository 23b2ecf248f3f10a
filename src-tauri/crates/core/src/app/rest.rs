//! What a school needs while nobody looks at it.

use super::School;
use crate::error::Error;

impl School {
    /// Gives back the memory that quick answers need: the window is gone. The next answers take it again.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn rest(&self) -> Result<(), Error> {
        Ok(self.cache().rest().await?)
    }
}
