//! Location databases that the owner has chosen: any file in the MaxMind DB format with countries, cities or networks.
//!
//! A copy lies in the data folder, one for places and one for networks' owners (one file may be both), so that the
//! owner's own file may go. Each choice has a number; addresses that were placed by an earlier one are placed again in
//! the background.

mod record;
mod sample;
#[cfg(test)]
pub(crate) mod tests;

use std::{
    fs, io,
    net::IpAddr,
    path::{Path, PathBuf},
};

use hallmonitor_wire::Time;
use maxminddb::{MaxMindDbError, Reader};
use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    model::{LocationDatabase, LocationDatabases},
    place,
    profile::{private_folder, side_file},
    put_in_place,
};
pub(crate) use record::Found;

const CHOICE: &str = "location.json";
const PLACES: &str = "location-places.mmdb";
const NETWORKS: &str = "location-networks.mmdb";
/// Whoever chooses holds it: each choice has a number of its own.
const LOCK: &str = "location.lock";

/// The largest file that is taken, bytes: it is held in memory. Those with cities have some hundred MiB.
const LARGEST: u64 = 2 << 30;

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    /// Counts up with each choice; 0 is none yet.
    pub(crate) number: i64,
    places: Option<LocationDatabase>,
    networks: Option<LocationDatabase>,
}

impl Choice {
    /// What was chosen in a data folder. A file that can't be read is no choice.
    pub(crate) fn read(data_dir: &Path) -> Self {
        fs::read(data_dir.join(CHOICE)).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    fn write(&self, data_dir: &Path) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".location").tempfile_in(data_dir)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        put_in_place(file, &data_dir.join(CHOICE))
    }

    /// The databases in use.
    pub(crate) fn databases(self) -> LocationDatabases {
        LocationDatabases { places: self.places, networks: self.networks }
    }

    /// Opens what was chosen; what can't be opened any more is as if it were not chosen.
    pub(crate) fn open(&self, data_dir: &Path) -> Locations {
        let open = |chosen: &Option<LocationDatabase>, file: &str| {
            chosen.as_ref()?;
            Reader::open_readfile(data_dir.join(file))
                .inspect_err(|error| tracing::warn!(%error, file, "a location database can't be read"))
                .ok()
        };
        Locations { places: open(&self.places, PLACES), networks: open(&self.networks, NETWORKS) }
    }
}

/// The databases, open.
#[derive(Debug)]
pub(crate) struct Locations {
    places: Option<Reader<Vec<u8>>>,
    networks: Option<Reader<Vec<u8>>>,
}

impl Locations {
    /// Where an address is and whose its network is, as far as is known. What no chosen database knows the one that
    /// comes with the program may.
    pub(crate) fn find(&self, address: &str) -> Found {
        let usual = place::place(address);
        let ip: Option<IpAddr> = address.trim().parse().ok();
        let (Some(ip), None) = (ip, &usual.network_kind) else {
            return Found { place: usual, ..Found::default() };
        };
        let ip = ip.to_canonical();
        let mut found = self.places.as_ref().map_or_else(Found::default, |reader| record::look_up(reader, ip));
        if let Some(networks) = &self.networks {
            let of_network = record::look_up(networks, ip);
            found.organisation = of_network.organisation.or(found.organisation);
            found.hosting = of_network.hosting.or(found.hosting);
        }
        found.place.country = found.place.country.or(usual.country);
        found
    }
}

/// Takes a database into use: looks at what it knows, copies it into the data folder.
///
/// # Errors
/// [`Error::BadLocations`], [`Error::NoLocations`]; [`Error::Io`] where it can't be copied. What was chosen before stays
/// then.
pub(crate) fn choose(data_dir: &Path, path: &Path) -> Result<LocationDatabase, Error> {
    let database = inspect(path)?;
    private_folder(data_dir)?;
    let failed = |source| Error::Io { path: data_dir.to_owned(), source };
    let _alone = alone(data_dir).map_err(failed)?;
    let mut choice = Choice::read(data_dir);
    choice.number += 1;
    if database.countries || database.cities {
        copy(path, &data_dir.join(PLACES)).map_err(failed)?;
        choice.places = Some(database.clone());
    }
    if database.networks {
        copy(path, &data_dir.join(NETWORKS)).map_err(failed)?;
        choice.networks = Some(database.clone());
    }
    choice.write(data_dir).map_err(failed)?;
    Ok(database)
}

/// Goes back to the database that comes with the program.
///
/// # Errors
/// [`Error::Io`].
pub(crate) fn forget(data_dir: &Path) -> Result<(), Error> {
    if Choice::read(data_dir).number == 0 {
        return Ok(());
    }
    let failed = |source| Error::Io { path: data_dir.to_owned(), source };
    let _alone = alone(data_dir).map_err(failed)?;
    let number = Choice::read(data_dir).number;
    Choice { number: number + 1, ..Choice::default() }.write(data_dir).map_err(failed)?;
    for file in [PLACES, NETWORKS] {
        match fs::remove_file(data_dir.join(file)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Waits until nobody else chooses, in this program or another.
fn alone(data_dir: &Path) -> io::Result<fs::File> {
    let file = side_file(&data_dir.join(LOCK))?;
    file.lock()?;
    Ok(file)
}

/// What a file is and knows.
fn inspect(path: &Path) -> Result<LocationDatabase, Error> {
    let refused = |reason: String| Error::BadLocations { path: path.to_owned(), reason };
    let bad = |reason: &MaxMindDbError| refused(reason.to_string());
    let file = fs::metadata(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    // From others there may come bytes without an end, or none at all.
    if !file.is_file() {
        return Err(refused("it is no ordinary file".to_owned()));
    }
    if file.len() > LARGEST {
        return Err(refused(format!("it has more than {} GiB", LARGEST >> 30)));
    }
    let reader = match Reader::open_readfile(path) {
        Ok(reader) => reader,
        Err(MaxMindDbError::Io(source)) => return Err(Error::Io { path: path.to_owned(), source }),
        Err(error) => return Err(bad(&error)),
    };
    let mut knows = Found::default();
    let (mut cities, mut networks) = (false, false);
    sample::each_record(&reader, |record| {
        let found = record::found(record);
        cities |= found.place.city.is_some() && found.point.is_some();
        networks |= found.organisation.is_some() || found.hosting.is_some();
        knows.place.country = knows.place.country.take().or(found.place.country);
    })
    .map_err(|error| bad(&error))?;
    let metadata = reader.metadata();
    let countries = knows.place.country.is_some();
    if !countries && !cities && !networks {
        return Err(Error::NoLocations { path: path.to_owned(), kind: metadata.database_type.clone() });
    }
    let about = metadata.description.values().cloned().collect::<Vec<_>>().join(" ");
    Ok(LocationDatabase {
        database_type: metadata.database_type.clone(),
        built_at: Time(i64::try_from(metadata.build_epoch).unwrap_or(0).saturating_mul(1_000)),
        countries,
        cities,
        networks,
        attribution: attribution(&format!("{} {about}", metadata.database_type)),
    })
}

/// What the publishers of free databases ask to be shown, by what a database says of itself.
fn attribution(about: &str) -> Option<String> {
    let about = about.to_lowercase();
    [
        (["dbip", "db-ip"], "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0"),
        (
            ["geolite", "geoip2"],
            "This product includes GeoLite Data created by MaxMind, available from https://www.maxmind.com.",
        ),
        (["ipinfo", "ip info"], "IP address data powered by IPinfo (https://ipinfo.io), CC BY-SA 4.0"),
        (
            ["ip2location", "ip2lite"],
            "This site or product includes IP2Location LITE data available from https://lite.ip2location.com.",
        ),
    ]
    .into_iter()
    .find(|(words, _)| words.iter().any(|word| about.contains(word)))
    .map(|(_, text)| text.to_owned())
}

/// Copies a file beside its place, then puts it there: nobody ever sees half of it, and nobody else may read it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let folder: PathBuf = to.parent().map(Path::to_owned).unwrap_or_default();
    let mut target = tempfile::Builder::new().prefix(".location").tempfile_in(folder)?;
    io::copy(&mut fs::File::open(from)?, &mut target)?;
    put_in_place(target, to)
}
