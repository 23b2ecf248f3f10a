//! The tray's item and its menu, as the panel sees them.

use std::collections::HashMap;

use hallmonitor_tests::{Desktop, until, until_right};
use zbus::{
    Connection, connection,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

/// What a menu answers that does not know a line.
const UNKNOWN: &str = "org.freedesktop.DBus.Error.InvalidArgs";
/// What the bus says of who left it without an answer.
const GONE: &str = "org.freedesktop.DBus.Error.NoReply";

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    id: i32,
    pub(crate) words: String,
    pub(crate) enabled: bool,
}

/// The program's item.
#[derive(Debug)]
pub(crate) struct Item {
    bus: Connection,
    name: String,
    menu: OwnedObjectPath,
}

type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));

impl Item {
    /// Waits until the panel lists it.
    pub(crate) async fn of(desktop: &Desktop) -> Self {
        let bus = connection::Builder::address(desktop.bus()).expect("an address").build().await.expect("a bus");
        let (name, path) = until("the panel lists the tray item", async || {
            let items: Vec<String> = get(
                &bus,
                "org.kde.StatusNotifierWatcher",
                "/StatusNotifierWatcher",
                "org.kde.StatusNotifierWatcher",
                "RegisteredStatusNotifierItems",
            )
            .await?;
            let item = items.first()?;
            let (name, path) = item.split_at_checked(item.find('/').unwrap_or(item.len()))?;
            Some((name.to_owned(), if path.is_empty() { "/StatusNotifierItem".to_owned() } else { path.to_owned() }))
        })
        .await;
        let menu = get(&bus, &name, &path, "org.kde.StatusNotifierItem", "Menu").await.expect("a menu");
        Self { bus, name, menu }
    }

    /// All lines of the menu, those of its submenus too.
    pub(crate) async fn lines(&self) -> Vec<Line> {
        let answer = self
            .bus
            .call_method(
                Some(self.name.as_str()),
                self.menu.as_ref(),
                Some("com.canonical.dbusmenu"),
                "GetLayout",
                &(0_i32, -1_i32, Vec::<String>::new()),
            )
            .await
            .expect("a layout");
        let (_, (_, _, children)): Layout = answer.body().deserialize().expect("a layout");
        let mut lines = Vec::new();
        for child in &children {
            gather(child, &mut lines);
        }
        lines
    }

    /// Waits for a line with these words, and gives all of it.
    pub(crate) async fn says(&self, part: &str) -> Line {
        until_right(&format!("the menu says “{part}”"), async || {
            let lines = self.lines().await;
            let found = lines.iter().find(|line| line.words.contains(part)).cloned();
            found.ok_or_else(|| format!("{lines:?}"))
        })
        .await
    }

    /// Waits until no line has these words.
    pub(crate) async fn says_no(&self, part: &str) {
        until(&format!("the menu says nothing of “{part}”"), async || {
            let lines = self.lines().await;
            (!lines.iter().any(|line| line.words.contains(part))).then_some(())
        })
        .await;
    }

    /// Chooses the line with these words.
    pub(crate) async fn chooses(&self, part: &str) {
        until_right(&format!("the menu takes a click on “{part}”"), async || {
            let line = self.says(part).await;
            assert!(line.enabled, "{line:?}");
            let click = (line.id, "clicked", Value::from(0_i32), 0_u32);
            let (name, menu) = (Some(self.name.as_str()), self.menu.as_ref());
            match self.bus.call_method(name, menu, Some("com.canonical.dbusmenu"), "Event", &click).await {
                Ok(_) => Ok(()),
                // The menu is another one since it was read, and its lines have other ids.
                Err(zbus::Error::MethodError(error, why, _)) if error.as_str() == UNKNOWN => Err(format!("{why:?}")),
                // Told to quit, the program may be gone before it answers; whether it is, the test looks at.
                Err(zbus::Error::MethodError(error, ..)) if error.as_str() == GONE => Ok(()),
                Err(error) => panic!("the menu takes no click: {error}"),
            }
        })
        .await;
    }
}

/// A property.
async fn get<T: TryFrom<OwnedValue>>(
    bus: &Connection,
    name: &str,
    path: &str,
    interface: &str,
    property: &str,
) -> Option<T> {
    let answer = bus
        .call_method(Some(name), path, Some("org.freedesktop.DBus.Properties"), "Get", &(interface, property))
        .await
        .ok()?;
    T::try_from(answer.body().deserialize::<OwnedValue>().ok()?).ok()
}

/// A line and those below it: `(ia{sv}av)` in a variant.
fn gather(node: &Value<'_>, into: &mut Vec<Line>) {
    let Value::Structure(node) = node else {
        if let Value::Value(inner) = node {
            gather(inner, into);
        }
        return;
    };
    let [Value::I32(id), Value::Dict(properties), Value::Array(children)] = node.fields() else { return };
    let text: Option<String> = properties.get::<_, String>(&"label").ok().flatten();
    let enabled: Option<bool> = properties.get::<_, bool>(&"enabled").ok().flatten();
    if let Some(text) = text {
        into.push(Line { id: *id, words: text.replace("__", "_"), enabled: enabled.unwrap_or(true) });
    }
    for child in children.iter() {
        gather(child, into);
    }
}
