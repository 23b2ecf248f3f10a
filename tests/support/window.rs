//! The real window, as a person sees and uses it.

use thirtyfour::{By, Key, WebDriver, WebElement, error::WebDriverError};

use crate::until;

/// An open window. Dropped, it goes with its desktop.
#[derive(Debug)]
pub struct Window {
    /// `None` only while it is being dropped.
    driver: Option<WebDriver>,
}

impl Window {
    pub(crate) fn new(driver: WebDriver) -> Self {
        Self { driver: Some(driver) }
    }

    /// For what the methods here do not say.
    pub fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("it is there until drop")
    }

    /// Waits for the first element with this `data-testid` that can be seen.
    ///
    /// # Panics
    /// At the deadline, with the text of the page.
    pub async fn sees(&self, id: &str) -> WebElement {
        self.sees_by(By::Css(format!("[data-testid='{id}']"))).await
    }

    /// Waits for an element that can be seen.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn sees_by(&self, by: By) -> WebElement {
        until(&format!("{by:?} is to be seen"), async || {
            let found = self.driver().find(by.clone()).await.ok()?;
            found.is_displayed().await.unwrap_or(false).then_some(found)
        })
        .await
    }

    /// All elements with this `data-testid`, as they are now.
    pub async fn all(&self, id: &str) -> Vec<WebElement> {
        self.driver().find_all(By::Css(format!("[data-testid='{id}']"))).await.unwrap_or_default()
    }

    /// Waits until an element's text holds a part, and returns the text.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn reads(&self, id: &str, part: &str) -> String {
        until(&format!("{id} says “{part}”"), async || {
            let text = self.sees(id).await.text().await.ok()?;
            text.contains(part).then_some(text)
        })
        .await
    }

    /// Clicks an element; one that the page replaces at that moment is looked for again.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn clicks(&self, id: &str) {
        until(&format!("{id} takes a click"), async || self.sees(id).await.click().await.ok()).await;
    }

    /// Types into a field, after what is there.
    ///
    /// # Panics
    /// Where the field takes no keys.
    pub async fn types(&self, id: &str, text: &str) {
        self.sees(id).await.send_keys(text).await.unwrap_or_else(|error| panic!("{id} takes no keys: {error}"));
    }

    /// Presses keys wherever the focus is.
    ///
    /// # Errors
    /// Where the driver fails.
    pub async fn presses(&self, keys: impl Into<String>) -> Result<(), WebDriverError> {
        self.driver().action_chain().send_keys(keys.into()).perform().await
    }

    /// Presses one key that has no letter.
    ///
    /// # Errors
    /// Where the driver fails.
    pub async fn presses_key(&self, key: Key) -> Result<(), WebDriverError> {
        self.presses(key.value().to_string()).await
    }

    /// Everything that the page says.
    pub async fn text(&self) -> String {
        match self.driver().find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    /// Closes the window, as a person would.
    ///
    /// # Errors
    /// Where the driver fails.
    pub async fn close(mut self) -> Result<(), WebDriverError> {
        match self.driver.take() {
            Some(driver) => driver.quit().await,
            None => Ok(()),
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            // Its desktop kills it; asking it to quit would block the test's only thread.
            let _ = driver.leak();
        }
    }
}
