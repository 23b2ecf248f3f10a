//! The real window, as a person sees and uses it.

use std::{path::Path, process::Command};

use thirtyfour::{By, Capabilities, Key, WebDriver, WebElement, error::WebDriverError};

use crate::{
    port::Port,
    processes::Running,
    until,
    wait::{DEADLINE, until_right},
};

/// An open window. Dropped, it goes with its desktop.
#[derive(Debug)]
pub struct Window {
    /// `None` only while it is being dropped.
    driver: Option<WebDriver>,
}

impl Window {
    /// Starts a program of Tauri's and opens its window; `driver` is `WebKitWebDriver` with the program's environment.
    ///
    /// # Panics
    /// Where it does not open.
    pub async fn driven(mut driver: Command, app: &Path, words: &[&str]) -> (Running, Self) {
        let port = Port::free();
        driver.args(["--host=127.0.0.1", &format!("--port={}", port.address().port())]);
        // Handed on to the program, which lets itself be driven only then.
        driver.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        let running = Running::start(&mut driver);
        let address = format!("http://{}", port.address());
        until("WebKitWebDriver listens", async || reqwest::get(format!("{address}/status")).await.ok()).await;

        let mut wanted = Capabilities::new();
        let options = serde_json::json!({ "binary": app, "args": words });
        wanted.set("webkitgtk:browserOptions", options).expect("plain JSON");
        // Longer than a script may take, so that it is said what took too long.
        let driver = WebDriver::builder(address, wanted).request_timeout(2 * DEADLINE).connect().await;
        let driver = driver.unwrap_or_else(|error| panic!("the window does not open: {error}"));
        driver.set_script_timeout(DEADLINE).await.expect("scripts may take their time");
        (running, Self { driver: Some(driver) })
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
        until_right(&format!("{by:?} is to be seen"), async || match self.driver().find(by.clone()).await {
            Ok(found) if found.is_displayed().await.unwrap_or(false) => Ok(found),
            _ => Err(format!("The page says:\n{}", self.text().await)),
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
        until_right(&format!("{id} says “{part}”"), async || {
            let element = self.sees(id).await;
            let text = self.said_by(&element).await;
            if text.contains(part) { Ok(text) } else { Err(format!("It says “{text}”.")) }
        })
        .await
    }

    /// Clicks an element as soon as it takes clicks; one that the page replaces at that moment is looked for again.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn clicks(&self, id: &str) {
        self.clicks_at(By::Css(format!("[data-testid='{id}']"))).await;
    }

    /// The same with an element that is named otherwise.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn clicks_at(&self, by: By) {
        until(&format!("{by:?} takes a click"), async || {
            let element = self.sees_by(by.clone()).await;
            // Where it is disabled a click gets lost, and the driver calls that a success.
            if !element.is_enabled().await.ok()? {
                return None;
            }
            element.click().await.ok()
        })
        .await;
    }

    /// Gives the window another width than it has, and waits until the page has it.
    ///
    /// # Panics
    /// Where it does not take it.
    pub async fn resizes(&self, width: u32, height: u32) {
        let before = self.width().await;
        self.driver().set_window_rect(0, 0, width, height).await.expect("it takes this size");
        until("the page has another width", async || (self.width().await != before).then_some(())).await;
    }

    async fn width(&self) -> Option<f64> {
        let told = self.driver().execute("return innerWidth", Vec::new()).await.expect("the page runs scripts");
        told.json().as_f64()
    }

    /// Types into a field, after what is there.
    ///
    /// # Panics
    /// Where the field takes no keys.
    pub async fn types(&self, id: &str, text: &str) {
        self.sees(id).await.send_keys(text).await.unwrap_or_else(|error| panic!("{id} takes no keys: {error}"));
    }

    /// Puts a text into a field, in place of what is there.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn fills(&self, id: &str, text: &str) {
        until_right(&format!("{id} is filled in"), async || {
            let field = self.sees(id).await;
            field.clear().await.map_err(|error| format!("It cannot be emptied: {error}"))?;
            field.send_keys(text).await.map_err(|error| format!("It takes no keys: {error}"))
        })
        .await;
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

    /// What an element says to a person; nothing where the page has replaced it. (WebDriver's own answer leaves out
    /// texts that may be cut short with an ellipsis.)
    pub async fn said_by(&self, element: &WebElement) -> String {
        element.prop("innerText").await.ok().flatten().unwrap_or_default()
    }

    /// Writes what the page shows to a file, where `HALLMONITOR_PICTURES` names a folder for them.
    pub async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("HALLMONITOR_PICTURES") {
            // What was seen in the page may not be painted yet.
            let painted = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))";
            let _ = self.driver().execute_async(painted, Vec::new()).await;
            let _ = self.driver().screenshot(&Path::new(&folder).join(format!("{name}.png"))).await;
        }
    }

    /// Waits until the page says this somewhere.
    ///
    /// # Panics
    /// At the deadline, with the text of the page.
    pub async fn says(&self, part: &str) {
        until_right(&format!("the page says “{part}”"), async || {
            let text = self.text().await;
            if text.contains(part) { Ok(()) } else { Err(text) }
        })
        .await;
    }

    /// Everything that the page says.
    pub async fn text(&self) -> String {
        match self.driver().find(By::Tag("body")).await {
            Ok(body) => self.said_by(&body).await,
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            // Its desktop closes or kills it; asking WebDriver to quit would block the test's only thread.
            let _ = driver.leak();
        }
    }
}
